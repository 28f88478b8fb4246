// The front page's live part: lesson 05's LeNet reads what is drawn on the notebook's own
// pad, here in the browser, and the page shows what the network sees.

import { PEN, pad } from "./digit_pad.js";
import { centre, rasterise, shrink, toPixels } from "./ink.js";
import { makeNetwork, multiplications, prepare, softmax, unpack } from "./lenet.js";
import { beside, bytes, grey, paint, signed, style } from "./paint.js";

const MAPS = 6;
const row = (digit) => `<tr><th scope="row">${digit}</th><td><span></span></td><td></td></tr>`;
const PIECES = `<div class="live-front">
<div class="live-drawing"><div class="live-pad"></div>
  <p class="live-hint" aria-hidden="true">an example: draw over it</p></div>
<div class="live-answer">
  <p class="live-verdict" aria-hidden="true"><b></b><span></span><small></small></p>
  <p class="live-said live-hidden" role="status"></p>
  <table class="live-bars"><caption class="live-hidden">Probability of each digit</caption>
    <tbody>${[..."0123456789"].map(row).join("")}</tbody></table>
  <p class="live-times"></p>
</div>
<div class="live-stages">
  <figure><canvas role="img" aria-label="The ink, shrunk to 28 by 28 pixels"></canvas>
    <figcaption></figcaption></figure>
  <figure><canvas role="img" aria-label="The image that the network reads"></canvas>
    <figcaption>centred: what LeNet reads</figcaption></figure>
  <figure><div role="img" aria-label="Six maps; red above zero, blue below">
    ${"<canvas></canvas>".repeat(MAPS)}</div>
    <figcaption>six maps of <code>conv1</code>, 26 × 26: red above zero, blue below</figcaption>
  </figure>
</div></div>`;

const best = (values) => values.indexOf(Math.max(...values));
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const frame = () => new Promise(requestAnimationFrame);

// Return the milliseconds that one call takes. A browser's clock is coarse: the mean of all
// calls in 10 ms. The first calls are slow, until it has compiled them: the best of three.
function time(work) {
  const rounds = [1, 2, 3].map(() => {
    const begun = performance.now();
    let calls = 0;
    do {
      work();
      calls++;
    } while (performance.now() - begun < 10);
    return (performance.now() - begun) / calls;
  });
  return Math.min(...rounds);
}

// Return raw and centred image of a drawing.
function imagesOf(strokes) {
  const ink = rasterise(strokes, PEN);
  return [shrink(ink), centre(ink)].map(toPixels);
}

// Build the live part in an element, and let the pad draw its example.
export async function start(el) {
  const [buffer, digits] = await Promise.all([
    beside("lenet.bin").then((answer) => answer.arrayBuffer()),
    beside("digits.json").then((answer) => answer.json()),
    style(),
  ]);
  const weights = unpack(buffer);
  const network = makeNetwork(weights);
  const tests = bytes(digits.images);
  el.innerHTML = PIECES;
  const [raw, image, ...maps] = el.querySelectorAll("figure canvas");
  const find = (selector) => el.querySelector(selector);
  const [digit, verb, also] = find(".live-verdict").children;
  const bars = [...el.querySelectorAll("tr")];
  let example = true; // until the reader does something
  let next = 0; // test image
  let waiting = 0; // the drawing that the next frame of the screen reads

  function showBars(probabilities, answer) {
    bars.forEach((bar, k) => {
      const [, length, number] = bar.children;
      bar.classList.toggle("live-best", k === answer);
      length.firstChild.style.width = `${100 * (probabilities[k] ?? 0)}%`;
      number.textContent = k in probabilities ? percent(probabilities[k]) : "";
    });
  }

  function showEmpty() {
    for (const picture of [raw, image, ...maps]) paint(picture, Array(784).fill(0), 28, grey);
    showBars([], null);
    [digit.textContent, verb.textContent, also.textContent] = ["?", "Draw a digit", ""];
    find(".live-said").textContent = "Draw a digit.";
    find(".live-times").textContent = "";
  }

  // Show the two images, what the network makes of them, and at the end of a stroke,
  // when nobody waits for the next line, how long that took.
  function showReading(pixels, caption, words, prepared) {
    const outputs = network(prepare(pixels[1]));
    const probabilities = softmax(outputs.dense3);
    const answer = best(probabilities);
    [raw, image].forEach((picture, k) => paint(picture, pixels[k], 28, (v) => grey(v / 255)));
    const { data } = outputs.conv1; // (26, 26, 6)
    const top = Math.max(...data.map(Math.abs));
    maps.forEach((picture, map) => {
      const values = data.filter((_, k) => k % MAPS === map);
      paint(picture, values, 26, (value) => signed(value / top));
    });
    showBars(probabilities, answer);
    find("figcaption").textContent = caption;
    digit.textContent = answer;
    verb.textContent = `LeNet reads ${answer}, ${percent(probabilities[answer])}`;
    also.textContent = words(answer);
    if (!prepared) return;
    find(".live-said").textContent = `${verb.textContent}; ${also.textContent}`;
    const count = (number) => number.toLocaleString("en");
    find(".live-times").innerHTML =
      `${count(buffer.byteLength / 4)} numbers, ` +
      `${count(multiplications(weights, outputs))} multiplications: ` +
      `<b>${time(() => network(prepare(pixels[1]))).toFixed(2)} ms</b> in this browser.`;
  }

  function read(strokes, ended) {
    cancelAnimationFrame(waiting);
    canvas.style.backgroundImage = "";
    if (!strokes.length) return showEmpty();
    const pixels = imagesOf(strokes);
    const asDrawn = softmax(network(prepare(pixels[0])).dense3);
    const other = best(asDrawn);
    const words = () => `without centring it reads ${other} (${percent(asDrawn[other])})`;
    showReading(pixels, "as drawn, 28 × 28", words, ended);
  }

  function readTest() {
    stopExample();
    show([]);
    const pixels = tests.subarray(784 * next, 784 * (next + 1));
    const [index, label] = [digits.indices[next], digits.labels[next]];
    next = (next + 1) % digits.labels.length;
    paint(sheet, pixels, 28, (v) => grey(v / 255));
    canvas.style.backgroundImage = `url(${sheet.toDataURL()})`;
    const words = (answer) =>
      `test image ${index} is a ${label}${answer === label ? "" : ": misread"}`;
    showReading([pixels, pixels], `test image ${index}`, words, true);
  }

  function stopExample() {
    example = false;
    find(".live-hint").hidden = true;
  }

  async function playExample() {
    const { stroke } = digits;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (let length = still ? stroke.length : 1; length <= stroke.length; length++) {
      if (!still) await frame();
      if (!example) return;
      show([stroke.slice(0, length)]);
      read([stroke.slice(0, length)], length === stroke.length);
    }
  }

  // The reader's first stroke takes the example's place.
  function makeRoom(event) {
    if (!example || event.target !== canvas || event.key === "Tab") return;
    stopExample();
    show([]);
    showEmpty();
  }

  const place = find(".live-pad");
  place.addEventListener("pointerdown", makeRoom, true);
  place.addEventListener("keydown", makeRoom, true);
  const { canvas, show } = pad(
    place,
    (strokes) => {
      stopExample();
      read(strokes, true);
    },
    (strokes) => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => read(strokes, false));
    },
  );
  const sheet = document.createElement("canvas");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "A test digit";
  button.addEventListener("click", readTest);
  place.querySelector("p").before(button);
  showEmpty();
  await playExample();
}
