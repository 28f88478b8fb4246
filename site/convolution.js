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
export function windowAt(image, size, top, left) {
  return image.slice(top, top + size).map((row) => row.slice(left, left + size));
}

// Slide the kernel over one image.
export function conv2dLoop(image, kernel, stride) {
  const size = kernel.length;
  const places = (length) => range(Math.floor((length - size) / stride) + 1);
  return places(image.length).map((row) =>
    places(image[0].length).map((column) => {
      const pixels = windowAt(image, size, row * stride, column * stride).flat();
      return kernel.flat().reduce((sum, weight, k) => sum + weight * pixels[k], 0);
    }),
  );
}

// Put zeros around a square image as 'SAME' does; the extra one at the end.
function padSame(image, size, stride) {
  const length = image.length;
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
  const before = total >> 1;
  return table(length + total, (r, c) => image[r - before]?.[c - before] ?? 0);
}

// Pad where that is asked for, then slide.
export function convolve(image, kernel, stride, padding) {
  const padded = padding === "SAME" ? padSame(image, kernel.length, stride) : image;
  return conv2dLoop(padded, kernel, stride);
}

const short = (value) => String(Math.round(value * 100) / 100).replace("-", "−");
const options = (names) => names.map((name) => `<option>${name}</option>`).join("");
const grid = (name) => `<table><caption>${name}</caption><tbody></tbody></table>`;
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
<div class="live-sum">${grid("pixels")}<b>×</b>${grid("weights")}<b>=</b>${grid("products")}
  <p role="status"></p></div>`;

// Build the explorer in an element.
export async function start(el) {
  const [digits] = await Promise.all([beside("digits.json").then((a) => a.json()), style()]);
  const pixels = Array.from(bytes(digits.lesson_03), (pixel) => pixel / 255);
  const image = table(28, (r, c) => pixels[28 * r + c]);
  el.innerHTML = PIECES;
  const [choice, size, stride, padding] = el.querySelectorAll("select");
  const sheets = [...el.querySelectorAll("[role=application]")];
  const captions = el.querySelectorAll("figcaption");
  const [pixelGrid, weightGrid, productGrid] = el.querySelectorAll("tbody");
  let kernel, padded, map, step;
  let [row, column] = [13, 13];

  // Rows of cells in a table; half the colour keeps black numbers legible.
  function fill(body, values, colour, cell) {
    const line = (numbers, r) => `<tr>${numbers.map((v, c) => cell(v, r, c)).join("")}</tr>`;
    body.innerHTML = values.map(line).join("");
    const top = Math.max(...values.flat().map(Math.abs), 1e-9);
    body.querySelectorAll("td").forEach((td, k) => {
      td.style.backgroundColor = `rgb(${colour(values.flat()[k], top)})`;
    });
  }
  const plain = (value) => `<td>${short(value)}</td>`;
  const half = (value, top) => signed(value / top / 2);

  function frame(mark, sheetSide, top, left, side) {
    const share = (value) => `${(100 * value) / sheetSide}%`;
    mark.style.cssText = `top:${share(top)};left:${share(left)};width:${share(side)};height:${share(side)}`;
  }

  function move(toRow, toColumn) {
    [row, column] = [toRow, toColumn].map((to) => Math.min(map.length - 1, Math.max(0, to)));
    const [top, left] = [row * step, column * step];
    const under = windowAt(padded, kernel.length, top, left);
    frame(sheets[0].lastElementChild, padded.length, top, left, kernel.length);
    frame(sheets[1].lastElementChild, map.length, row, column, 1);
    fill(pixelGrid, under, (value) => grey(value / 2), plain);
    const products = under.map((line, r) => line.map((pixel, c) => pixel * kernel[r][c]));
    fill(productGrid, products, half, plain);
    el.querySelector("[role=status]").innerHTML =
      `Row ${row}, column ${column} of the map: the products add up to <b>${short(map[row][column])}</b>`;
  }

  function convolve() {
    step = Number(stride.value);
    padded = padding.value === "SAME" ? padSame(image, kernel.length, step) : image;
    map = conv2dLoop(padded, kernel, step);
    const top = Math.max(...map.flat().map(Math.abs), 1e-9);
    paint(sheets[0].firstElementChild, padded.flat(), padded.length, grey);
    paint(sheets[1].firstElementChild, map.flat(), map.length, (v) => signed(v / top));
    const added = padded.length - image.length;
    frame(sheets[0].children[1], padded.length, added >> 1, added >> 1, image.length);
    [padded, map].forEach((shown, k) => sheets[k].style.setProperty("--side", shown.length));
    const zeros = added ? ", zeros outside the dashed line" : "";
    captions[0].textContent = `image ${image.length} × ${image.length}${zeros}`;
    captions[1].textContent = `feature map ${map.length} × ${map.length}`;
    move(row, column);
  }

  function choose() {
    const length = Number(size.value);
    if (choice.value === OWN) kernel = table(length, (r, c) => kernel[r]?.[c] ?? 0);
    else kernel = KERNELS[choice.value](length);
    fill(weightGrid, kernel, half, (value, r, c) => `<td><input type="number" step="0.5"
      aria-label="weight, row ${r}, column ${c}" value="${Math.round(value * 1e4) / 1e4}"></td>`);
    convolve();
  }

  sheets.forEach((place, which) => {
    const point = (event) => {
      const box = place.getBoundingClientRect();
      const part = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
      if (which === 1) move(...part.map((share) => Math.floor(share * map.length)));
      else move(...part.map((at) => Math.round((at * padded.length - kernel.length / 2) / step)));
    };
    place.addEventListener("pointermove", point);
    place.addEventListener("pointerdown", point);
    place.addEventListener("keydown", (event) => {
      if (!(event.key in ARROWS)) return;
      event.preventDefault();
      move(row + ARROWS[event.key][0], column + ARROWS[event.key][1]);
    });
  });
  weightGrid.addEventListener("change", ({ target }) => {
    const at = [...weightGrid.querySelectorAll("input")].indexOf(target);
    const changed = (r, c) => r * kernel.length + c === at;
    kernel = table(kernel.length, (r, c) => (changed(r, c) ? Number(target.value) : kernel[r][c]));
    choice.value = OWN;
    convolve();
  });
  [choice, size].forEach((select) => select.addEventListener("change", choose));
  [stride, padding].forEach((select) => select.addEventListener("change", convolve));
  [choice.value, size.value] = ["horizontal edge", "3"];
  choose();
}
