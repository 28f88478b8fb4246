// A drawing pad for a notebook and for a web page. It keeps strokes and knows no network.
// A stroke is a list of points [x, y], from 0 to 1 of the pad's width and height.
export const PEN = 0.08; // width of a line, in widths of the pad
const SIDE = 280; // pixels on the page
const STEP = 0.025; // an arrow key moves the cursor so far
const NEAR = 0.005; // points closer together than this are one
const ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
const HELP =
  "Draw with mouse, pen or finger. By keyboard: the arrow keys move, " +
  "Space puts the pen down and lifts it, Backspace takes a stroke back.";
const STYLE = `
.digit-pad canvas { touch-action: none; cursor: crosshair; background: white;
  border: 1px solid #767676; box-sizing: border-box; display: block;
  width: min(100%, ${SIDE}px); aspect-ratio: 1; }
.digit-pad canvas:focus-visible { outline: 3px solid #0072b2; outline-offset: -3px; }
.digit-pad button { font: inherit; padding: 0.2em 0.9em; margin: 0.4em 0.4em 0 0; }
.digit-pad p { margin: 0.4em 0; font-size: 0.9em; line-height: 1.35; max-width: ${SIDE}px; }`;

const limit = (value) => Math.min(1, Math.max(0, value));
const round = (value) => Math.round(limit(value) * 1e4) / 1e4;

// Build the pad in an element. `changed(strokes)` is called at the end of each stroke, and
// when one is taken back; `drawing(strokes)` while one is drawn. Returns the canvas, and
// show(strokes), which draws others.
export function pad(el, changed, drawing = () => {}) {
  el.classList.add("digit-pad");
  el.innerHTML =
    `<style>${STYLE}</style><canvas tabindex="0" role="application"` +
    ` data-lm-suppress-shortcuts="true" aria-label="Drawing pad. ${HELP}"></canvas>` +
    `<button type="button">Undo</button><button type="button">Clear</button><p>${HELP}</p>`;
  const canvas = el.querySelector("canvas");
  const [undo, clear] = el.querySelectorAll("button");
  const scale = Math.max(1, Math.round(window.devicePixelRatio || 1));
  canvas.width = canvas.height = SIDE * scale;
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  let strokes = [];
  let current = null; // the stroke that is being drawn
  let pointer = null; // the finger, pen or mouse that draws it; null for the keyboard
  let cursor = null; // where the keyboard's pen is; null while it has not been used

  function draw() {
    const side = canvas.width;
    paper.clearRect(0, 0, side, side);
    paper.lineCap = paper.lineJoin = "round";
    paper.strokeStyle = "black";
    paper.lineWidth = PEN * side;
    const all = current ? [...strokes, current] : strokes;
    if (current) drawing(all);
    for (const stroke of all) {
      paper.beginPath();
      paper.moveTo(stroke[0][0] * side, stroke[0][1] * side);
      for (const [x, y] of stroke) paper.lineTo(x * side, y * side);
      paper.stroke();
    }
    if (!cursor) return;
    paper.beginPath();
    paper.arc(cursor[0] * side, cursor[1] * side, (PEN / 2) * side, 0, 2 * Math.PI);
    paper.strokeStyle = current ? "#d55e00" : "#0072b2";
    paper.lineWidth = 0.012 * side;
    paper.stroke();
  }
  function show(others) {
    strokes = others;
    current = null;
    draw();
  }
  function tell(others) {
    show(others);
    changed(others);
  }
  function add(x, y) {
    const [lastX, lastY] = current[current.length - 1];
    if (Math.hypot(x - lastX, y - lastY) >= NEAR) current.push([round(x), round(y)]);
  }
  function end() {
    pointer = null;
    if (current) tell([...strokes, current]);
  }
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || pointer !== null) return;
    event.preventDefault();
    end(); // a stroke of the keyboard
    cursor = null;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    canvas.focus({ preventScroll: true });
    current = [place(event).map(round)];
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const moved of between.length ? between : [event]) add(...place(moved));
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => event.pointerId === pointer && end());
  }
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || pointer !== null) return;
    if (event.key in ARROWS) {
      cursor ??= [0.5, 0.5];
      cursor = cursor.map((value, axis) => round(value + ARROWS[event.key][axis]));
      if (current) add(...cursor);
    } else if (event.key === " ") {
      cursor ??= [0.5, 0.5];
      if (current) end();
      else current = [[...cursor]];
    } else if (event.key === "Backspace") {
      tell(current ? strokes : strokes.slice(0, -1));
    } else return; // Tab, for example
    event.preventDefault();
    draw();
  });
  canvas.addEventListener("blur", () => {
    if (pointer === null) end();
    cursor = null;
    draw();
  });
  undo.addEventListener("click", () => tell(strokes.slice(0, -1)));
  clear.addEventListener("click", () => tell([]));
  draw();
  return { canvas, show };
}

// What anywidget calls: the strokes travel to Python and back.
export default {
  render({ model, el }) {
    const { show } = pad(el, (strokes) => {
      model.set("value", strokes);
      model.save_changes();
      if (!strokes.length) model.send({ kind: "cleared" }); // a photograph goes, too
    });
    const follow = () => show(model.get("value"));
    model.on("change:value", follow);
    follow();
    return () => model.off("change:value", follow);
  },
};
