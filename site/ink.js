// From strokes to the 28 x 28 pixels that a network reads: the twin of rasterise, centre
// and _both in course_utils/digit_pad.py, operation by operation. Ink is a list of rows,
// from 0 (paper) to 1 (ink); a test compares the two, number by number.

const SIDE = 280; // pixels of a drawing
const PIXELS = 28; // an image of MNIST,
const BOX = 20; // the box that its ink fits,
const MIDDLE = 14.5; // and where its centre of mass lies

const range = (count) => Array.from({ length: count }, (_, k) => k);
const limit = (value, low, high) => Math.min(high, Math.max(low, value));
const transpose = (rows) => range(rows[0].length).map((c) => rows.map((row) => row[c]));
const sum = (values) => values.reduce((a, b) => a + b, 0);

// Draw strokes, lists of points [x, y] from 0 to 1, with a round pen as wide as `pen`:
// a pixel's ink follows from how far its middle lies from the pen's way.
export function rasterise(strokes, pen) {
  const ink = range(SIDE).map(() => new Float64Array(SIDE));
  const reach = (pen * SIDE) / 2;
  for (const stroke of strokes) {
    const points = stroke.map((point) => point.map((value) => SIDE * value));
    points.forEach((start, k) => segment(ink, start, points[k + 1] ?? start, reach));
  }
  return ink;
}

function segment(ink, [x0, y0], [x1, y1], reach) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy || 1; // squared
  const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach - 1));
  const last = (a, b) => Math.min(SIDE, Math.ceil(Math.max(a, b) + reach + 1));
  for (let row = first(y0, y1); row < last(y0, y1); row++) {
    for (let column = first(x0, x1); column < last(x0, x1); column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
      const share = limit((x * dx + y * dy) / length, 0, 1);
      const [awayX, awayY] = [x - share * dx, y - share * dy];
      const distance = Math.sqrt(awayX * awayX + awayY * awayY);
      ink[row][column] = Math.max(ink[row][column], limit(reach + 0.5 - distance, 0, 1));
    }
  }
}

// Make an image as MNIST was made: the box around the ink becomes 20 pixels at its longer
// side, and the centre of mass moves to the middle.
export function centre(ink) {
  if (!ink.some((row) => row.some(Boolean))) {
    return range(PIXELS).map(() => Array(PIXELS).fill(0));
  }
  const lengths = [ink, transpose(ink)].map((lines) => {
    const inked = range(lines.length).filter((k) => lines[k].some(Boolean));
    return inked[inked.length - 1] - inked[0] + 1;
  });
  const step = Math.max(...lengths) / BOX;
  let image = ink;
  for (let axis = 0; axis < 2; axis++) {
    const mass = Array.from(image, sum); // of the rows, then of the columns
    const middle = sum(mass.map((value, k) => value * (k + 0.5))) / sum(mass);
    image = transpose(means(image, middle - MIDDLE * step, step));
  }
  return image.map((row) => row.map((value) => limit(value, 0, 1)));
}

// Shrink a drawing as it stands.
export function shrink(ink) {
  const step = Math.max(ink.length, ink[0].length) / PIXELS;
  let image = ink;
  for (let axis = 0; axis < 2; axis++) {
    image = transpose(means(image, (image.length - PIXELS * step) / 2, step));
  }
  return image;
}

// Return the mean of each of 28 bands of rows, (rows, n) -> (28, n).
function means(ink, start, step) {
  const totals = [];
  for (const row of ink) {
    const before = totals[totals.length - 1];
    totals.push(Array.from(row, (value, c) => (before ? before[c] : 0) + value));
  }
  const above = range(PIXELS + 1).map((k) => {
    const edge = limit(start + step * k, 0, ink.length);
    const row = Math.min(Math.floor(edge), ink.length - 1);
    return totals[row].map((total, c) => {
      return total - ink[row][c] + (edge - row) * ink[row][c];
    });
  });
  return range(PIXELS).map((k) => {
    return above[k + 1].map((total, c) => (total - above[k][c]) / step);
  });
}

// Return an image's 784 pixels, 0 to 255. As in NumPy, halves go to the even number.
export function toPixels(image) {
  return Uint8Array.from(image.flat(), (value) => {
    const rounded = Math.round(255 * value);
    return rounded - 255 * value === 0.5 && rounded % 2 ? rounded - 1 : rounded;
  });
}
