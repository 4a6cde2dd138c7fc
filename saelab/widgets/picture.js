// A picture with a text alternative that tells where it is pointed at, by mouse, touch or arrow keys.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function render({ model, el }) {
  const image = document.createElement("img");
  image.className = "saelab-picture";
  image.draggable = false;

  let address = null;
  // The old picture stays until the new one can be shown, so that nothing flickers.
  const draw = async () => {
    const next = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    const loaded = new Image();
    loaded.src = next;
    try {
      await loaded.decode();
    } catch {
      URL.revokeObjectURL(next);
      return;
    }
    image.src = next;
    image.dataset.number = model.get("number");
    if (address) URL.revokeObjectURL(address);
    address = next;
  };
  const describe = () => {
    image.alt = model.get("alt");
    image.style.width = `${model.get("width")}px`;
    const hint = model.get("hint");
    image.tabIndex = hint ? 0 : -1;
    image.title = hint;
    image.classList.toggle("saelab-pointed", Boolean(hint));
  };

  // At most one place a frame.
  let waiting = null;
  const tell = (content) => {
    if (!waiting) requestAnimationFrame(() => { model.send(waiting); waiting = null; });
    waiting = content;
  };
  const point = (event) => {
    const box = image.getBoundingClientRect();
    const inside = (value) => Math.min(Math.max(value, 0), 1);
    tell({
      x: inside((event.clientX - box.left) / box.width),
      y: inside((event.clientY - box.top) / box.height),
    });
  };
  image.addEventListener("pointerdown", (event) => {
    if (!model.get("hint")) return;
    image.setPointerCapture(event.pointerId);
    image.focus();
    point(event);
  });
  image.addEventListener("pointermove", (event) => {
    if (image.hasPointerCapture(event.pointerId)) point(event);
  });
  image.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || !model.get("hint")) return;
    // JupyterLab would go to the next cell.
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    model.send({ dx: step[0] * size, dy: step[1] * size });
  });

  model.on("change:png", draw);
  for (const name of ["alt", "width", "hint"]) model.on(`change:${name}`, describe);
  describe();
  draw();
  el.appendChild(image);
  return () => address && URL.revokeObjectURL(address);
}

export default { render };
