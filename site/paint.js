// Colours and pictures that the live pieces share. Grey: the more ink, the darker. Numbers
// of both signs: red above zero, blue below, white at zero, as in the lessons' figures.

const RED = [178, 24, 43];
const BLUE = [33, 102, 172];
const BLACK = [0, 0, 0];

// Return white, mixed with a share of another colour, as [red, green, blue].
const mix = (colour, share) => colour.map((c) => Math.round(255 + (c - 255) * share));

export const grey = (share) => mix(BLACK, share);
export const signed = (share) => mix(share > 0 ? RED : BLUE, Math.abs(share));

// Paint numbers on a canvas, one pixel each; the page's style enlarges them.
export function paint(canvas, values, width, colour) {
  canvas.width = width;
  canvas.height = values.length / width;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, k) => picture.data.set([...colour(value), 255], 4 * k));
  context.putImageData(picture, 0, 0);
}

// Return the bytes of a text in base64.
export const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// Fetch a file that lies beside this module, wherever the site is.
export async function beside(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} did not arrive: ${answer.status}`);
  return answer;
}

// Wait until live.css holds on this page.
export function style() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("live.css", import.meta.url);
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}
