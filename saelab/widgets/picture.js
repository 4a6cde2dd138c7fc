// A picture with a text alternative that tells where it is pointed at, by mouse, touch or arrow keys.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const DESCRIBING = ["alt", "width", "hint", "stale"];

function render({ model, el }) {
  const image = document.createElement("img");
  image.className = "saelab-picture";
  image.draggable = false;
  // Nothing broken is shown before there is a picture.
  image.hidden = true;

  let address = null;
  // The old picture stays until the new one can be shown, so that nothing flickers.
  const draw = async () => {
    const number = model.get("number");
    if (!number) return;
    const next = URL.createObjectURL(new Blob([model.get("svg")], { type: "image/svg+xml" }));
    const loaded = new Image();
    loaded.src = next;
    try {
      await loaded.decode();
    } catch {
      URL.revokeObjectURL(next);
      return;
    }
    // A picture that was decoded late must not cover a newer one.
    if (number < Number(image.dataset.number ?? 0)) {
      URL.revokeObjectURL(next);
      return;
    }
    image.src = next;
    image.dataset.number = number;
    image.hidden = false;
    if (address) URL.revokeObjectURL(address);
    address = next;
  };
  const describe = () => {
    image.alt = model.get("alt");
    image.style.width = `${model.get("width")}px`;
    const hint = model.get("hint");
    if (hint) image.tabIndex = 0;
    else image.removeAttribute("tabindex");
    image.title = hint;
    image.classList.toggle("saelab-pointed", Boolean(hint));
    image.classList.toggle("saelab-stale", model.get("stale"));
  };

  // As states, not messages: while Python draws, only the newest waits to be sent.
  const tell = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const point = (event) => {
    const box = image.getBoundingClientRect();
    const inside = (value) => Math.min(Math.max(value, 0), 1);
    const x = inside((event.clientX - box.left) / box.width);
    const y = inside((event.clientY - box.top) / box.height);
    // The third number makes a second click at the same place a change.
    tell("pointed", [x, y, (model.get("pointed")[2] ?? 0) + 1]);
  };
  image.addEventListener("pointerdown", (event) => {
    if (!model.get("hint") || event.button !== 0) return;
    image.setPointerCapture(event.pointerId);
    image.focus({ preventScroll: true });
    point(event);
  });
  image.addEventListener("pointermove", (event) => {
    if (image.hasPointerCapture(event.pointerId)) point(event);
  });
  image.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || !model.get("hint") || event.ctrlKey || event.altKey || event.metaKey) return;
    // JupyterLab would go to the next cell.
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    const [dx, dy] = model.get("stepped");
    tell("stepped", [dx + step[0] * size, dy + step[1] * size]);
  });

  model.on("change:number", draw);
  for (const name of DESCRIBING) model.on(`change:${name}`, describe);
  describe();
  draw();
  el.appendChild(image);
  return () => {
    model.off("change:number", draw);
    for (const name of DESCRIBING) model.off(`change:${name}`, describe);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
