// A sentence that is read out when it changes, and names for the controls above it.

function render({ model, el }) {
  const words = document.createElement("div");
  // What reads a page aloud hears of changes in an element that was there before.
  words.setAttribute("role", "status");
  const tell = () => {
    words.className = model.get("failed") ? "saelab-message" : "saelab-reading";
    words.textContent = model.get("value");
  };
  model.on("change", tell);
  tell();
  el.appendChild(words);

  // The handles of ipywidgets' sliders have no name of their own; it stands beside them.
  const name = (explorer) => {
    // In JupyterLab's command mode arrow keys and letters would act on cells, not on the choice.
    for (const choice of explorer.querySelectorAll("select")) {
      choice.setAttribute("data-lm-suppress-shortcuts", "true");
    }
    for (const label of explorer.querySelectorAll(".widget-label")) {
      for (const part of label.parentElement.querySelectorAll("[role=slider], .widget-readout")) {
        if (part.getAttribute("aria-label") !== label.textContent) {
          part.setAttribute("aria-label", label.textContent);
        }
        if (part.isContentEditable) part.setAttribute("role", "textbox");
      }
    }
  };
  // The controls are drawn in no certain order, some after this.
  const later = new MutationObserver((_, observer) => name(observer.explorer));
  const shown = new ResizeObserver(() => {
    later.explorer = el.closest(".saelab-explorer");
    if (!later.explorer) return;
    shown.disconnect();
    name(later.explorer);
    later.observe(later.explorer, { childList: true, subtree: true });
  });
  shown.observe(el);
  return () => {
    model.off("change", tell);
    shown.disconnect();
    later.disconnect();
  };
}

export default { render };
