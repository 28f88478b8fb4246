// Lesson 03's convolution to touch: a kernel slides over the digit, window by window.
// Images, kernels and maps are lists of rows, as in the notebook.

import { beside, bytes, grey, paint, signed, style } from "./paint.js";

const OWN = "own numbers";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const range = (count) => Array.from({ length: count }, (_, k) => k);
const table = (size, value) => range(size).map((r) => range(size).map((c) => value(r, c)));
const edge = (size, k) => Math.sign((size - 1) / 2 - k);
const middle = (size, r, c) => Number(r === (size - 1) >> 1 && c === (size - 1) >> 1);

export const KERNELS = {
  identity: (size) => table(size, (r, c) => middle(size, r, c)),
  "horizontal edge": (size) => table(size, (r) => edge(size, r)),
  "vertical edge": (size) => table(size, (_, c) => edge(size, c)),
  blur: (size) => table(size, () => 1 / size ** 2),
  sharpen: (size) => table(size, (r, c) => (size ** 2 + 1) * middle(size, r, c) - 1),
  outline: (size) => table(size, (r, c) => size ** 2 * middle(size, r, c) - 1),
};

// Return what lies under the kernel at one place of the map.
function windowAt(image, size, top, left) {
  return image.slice(top, top + size).map((row) => row.slice(left, left + size));
}

// Slide the kernel over one square image.
export function conv2dLoop(image, kernel, stride) {
  const places = Math.floor((image.length - kernel.length) / stride) + 1;
  return table(places, (row, column) => {
    const pixels = windowAt(image, kernel.length, row * stride, column * stride).flat();
    return kernel.flat().reduce((sum, weight, k) => sum + weight * pixels[k], 0);
  });
}

// Put zeros around a square image as 'SAME' does; the extra one at the end.
export function padSame(image, size, stride) {
  const length = image.length;
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
  const before = total >> 1;
  return table(length + total, (r, c) => image[r - before]?.[c - before] ?? 0);
}

const short = (value) => String(+value.toFixed(2)).replace("-", "−");
const largest = (values) => Math.max(...values.map(Math.abs), 1e-9);
const options = (names) => names.map((name) => `<option>${name}</option>`).join("");
const grid = (sign, name) => `<div><b>${sign}</b>
  <table><caption>${name}</caption><tbody></tbody></table></div>`;
const sheet = (label) => `<figure><div tabindex="0" role="application" aria-label="${label}">
  <canvas></canvas><i class="live-inside"></i><i class="live-window"></i></div>
  <figcaption></figcaption></figure>`;
const PIECES = `<div class="live-controls">
  <label>kernel <select>${options([...Object.keys(KERNELS), OWN])}</select></label>
  <label>size <select>${options([1, 2, 3, 4, 5])}</select></label>
  <label>stride <select>${options([1, 2, 3])}</select></label>
  <label>padding <select>${options(["VALID", "SAME"])}</select></label></div>
<div class="live-sheets">${sheet("The image. The arrow keys move the window.")}
  ${sheet("The feature map. The arrow keys move to another place.")}</div>
<div class="live-sum">${grid("", "pixels")}${grid("×", "weights")}${grid("=", "products")}</div>
<p role="status"></p>`;

// Put a square mark on a sheet, in pixels of what the sheet shows.
function mark(place, top, left, side, of) {
  const edges = [top, of - left - side, of - top - side, left];
  place.style.inset = edges.map((edge) => `${(100 * edge) / of}%`).join(" ");
}

// Build the explorer in an element.
export async function start(el) {
  const [digits] = await Promise.all([beside("digits.json").then((a) => a.json()), style()]);
  const pixels = bytes(digits.lesson_03);
  const image = table(28, (r, c) => pixels[28 * r + c] / 255);
  el.innerHTML = PIECES;
  const [choice, size, stride, padding] = el.querySelectorAll("select");
  const sheets = [...el.querySelectorAll("[role=application]")];
  const captions = el.querySelectorAll("figcaption");
  const [pixelGrid, weightGrid, productGrid] = el.querySelectorAll("tbody");
  let kernel, padded, map, step, row = 13, column = 13;

  // Half a colour keeps the black numbers legible.
  function show(body, values, colour) {
    const top = colour === signed ? largest(values) : 1;
    body.querySelectorAll("td").forEach((cell, k) => {
      if (body !== weightGrid) cell.textContent = short(values[k]);
      cell.style.backgroundColor = `rgb(${colour(values[k] / top / 2)})`;
    });
  }

  function move(toRow, toColumn) {
    [row, column] = [toRow, toColumn].map((to) => Math.min(map.length - 1, Math.max(0, to)));
    mark(sheets[0].lastElementChild, row * step, column * step, kernel.length, padded.length);
    mark(sheets[1].lastElementChild, row, column, 1, map.length);
    const under = windowAt(padded, kernel.length, row * step, column * step).flat();
    show(pixelGrid, under, grey);
    show(productGrid, kernel.flat().map((weight, k) => weight * under[k]), signed);
    el.querySelector("[role=status]").innerHTML = `Row ${row}, column ${column} of the map: ` +
      `the products add up to <b>${short(map[row][column])}</b>`;
  }

  function slide() {
    step = Number(stride.value);
    padded = padding.value === "SAME" ? padSame(image, kernel.length, step) : image;
    map = conv2dLoop(padded, kernel, step);
    const top = largest(map.flat());
    paint(sheets[0].firstElementChild, padded.flat(), padded.length, grey);
    paint(sheets[1].firstElementChild, map.flat(), map.length, (value) => signed(value / top));
    [padded, map].forEach((shown, k) => sheets[k].style.setProperty("--side", shown.length));
    const added = padded.length - image.length;
    mark(sheets[0].children[1], added >> 1, added >> 1, image.length, padded.length);
    captions[0].textContent = `image 28 × 28${added ? ", zeros around it" : ""}`;
    captions[1].textContent = `feature map ${map.length} × ${map.length}`;
    show(weightGrid, kernel.flat(), signed);
    move(row, column);
  }

  function choose() {
    const length = Number(size.value);
    if (choice.value === OWN) kernel = table(length, (r, c) => kernel[r]?.[c] ?? 0);
    else kernel = KERNELS[choice.value](length);
    const rows = (cell) => table(length, cell).map((row) => `<tr>${row.join("")}</tr>`).join("");
    pixelGrid.innerHTML = productGrid.innerHTML = rows(() => "<td></td>");
    weightGrid.innerHTML = rows((r, c) => `<td><input type="number" step="0.5"
      aria-label="weight, row ${r}, column ${c}" value="${+kernel[r][c].toFixed(4)}"></td>`);
    slide();
  }

  sheets.forEach((place, which) => {
    place.onpointermove = place.onpointerdown = ({ clientX, clientY }) => {
      const box = place.getBoundingClientRect();
      const part = [(clientY - box.top) / box.height, (clientX - box.left) / box.width];
      if (which === 1) move(...part.map((share) => Math.floor(share * map.length)));
      else move(...part.map((at) => Math.round((at * padded.length - kernel.length / 2) / step)));
    };
    place.onkeydown = (event) => {
      if (!(event.key in ARROWS)) return;
      event.preventDefault();
      move(row + ARROWS[event.key][0], column + ARROWS[event.key][1]);
    };
  });
  weightGrid.oninput = () => {
    const inputs = [...weightGrid.querySelectorAll("input")];
    kernel = table(kernel.length, (r, c) => Number(inputs[kernel.length * r + c].value));
    choice.value = OWN;
    slide();
  };
  choice.onchange = size.onchange = choose;
  stride.onchange = padding.onchange = slide;
  [choice.value, size.value] = ["horizontal edge", "3"];
  choose();
}
