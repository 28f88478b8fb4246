// LeNet of lesson 05 once more: the same layers, under the same names, in JavaScript.
// A tensor is {shape, data}. Its numbers lie in one row, in TensorFlow's order: the last
// axis changes fastest. Maps are (height, width, channels), kernels HWIO.

const KERNELS = {
  conv1: [3, 3, 1, 6],
  conv2: [3, 3, 6, 16],
  dense1: [400, 120],
  dense2: [120, 84],
  dense3: [84, 10],
};
const size = (shape) => shape.reduce((product, length) => product * length, 1);
const zeros = (shape) => ({ shape, data: new Float32Array(size(shape)) });

// Return the weights that lenet.bin holds: each layer's kernel, and after it its bias.
export function unpack(buffer) {
  const weights = {};
  let at = 0; // bytes
  const take = (shape) => {
    const data = new Float32Array(buffer.slice(at, (at += 4 * size(shape))));
    return { shape, data };
  };
  for (const [name, shape] of Object.entries(KERNELS)) {
    weights[name] = { kernel: take(shape), bias: take(shape.slice(-1)) };
  }
  if (at !== buffer.byteLength) {
    throw new RangeError(
      `lenet.bin must hold ${at} bytes, got ${buffer.byteLength}: ` +
        "make it with tools/lenet.py",
    );
  }
  return weights;
}

// Turn the 784 pixels of an image, 0 to 255, into what the network takes.
export function prepare(pixels) {
  return { shape: [28, 28, 1], data: Float32Array.from(pixels, (v) => v / 255) };
}

// Return a function from an image to what each layer makes of it; dense3 are the logits.
export function makeNetwork(weights) {
  const layers = {
    conv1: (x) => conv2d(x, weights.conv1), // (28, 28, 1) -> (26, 26, 6)
    pool1: maxPool2d, // -> (13, 13, 6)
    relu1: relu,
    conv2: (x) => conv2d(x, weights.conv2), // -> (11, 11, 16)
    pool2: maxPool2d, // -> (5, 5, 16)
    relu2: relu,
    flatten: ({ data }) => ({ shape: [data.length], data }), // -> (400,)
    dense1: (x) => relu(dense(x, weights.dense1)), // -> (120,)
    dense2: (x) => relu(dense(x, weights.dense2)), // -> (84,)
    dense3: (x) => dense(x, weights.dense3), // -> (10,)
  };
  return (image) => {
    const outputs = {};
    let x = image;
    for (const [name, layer] of Object.entries(layers)) outputs[name] = x = layer(x);
    return outputs;
  };
}

function conv2d(x, { kernel, bias }) {
  const [height, width, channels] = x.shape;
  const [side, , , maps] = kernel.shape;
  const rows = height - side + 1;
  const columns = width - side + 1;
  const line = side * channels; // one line of a window: neighbours in x and in the kernel
  const y = zeros([rows, columns, maps]);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let map = 0; map < maps; map++) {
        let sum = bias.data[map];
        for (let i = 0; i < side; i++) {
          const from = ((row + i) * width + column) * channels;
          for (let k = 0; k < line; k++) {
            sum += x.data[from + k] * kernel.data[(i * line + k) * maps + map];
          }
        }
        y.data[(row * columns + column) * maps + map] = sum;
      }
    }
  }
  return y;
}

// The largest of each 2x2 block; an odd row or column at the end is dropped.
function maxPool2d(x) {
  const [height, width, maps] = x.shape;
  const rows = height >> 1;
  const columns = width >> 1;
  const y = zeros([rows, columns, maps]);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let map = 0; map < maps; map++) {
        const at = (2 * row * width + 2 * column) * maps + map;
        const block = [at, at + maps, at + width * maps, at + (width + 1) * maps];
        y.data[(row * columns + column) * maps + map] = Math.max(
          ...block.map((place) => x.data[place]),
        );
      }
    }
  }
  return y;
}

function relu({ shape, data }) {
  return { shape, data: data.map((value) => Math.max(value, 0)) };
}

function dense(x, { kernel, bias }) {
  const [inputs, units] = kernel.shape;
  const y = zeros([units]);
  for (let unit = 0; unit < units; unit++) {
    let sum = bias.data[unit];
    for (let i = 0; i < inputs; i++) sum += x.data[i] * kernel.data[i * units + unit];
    y.data[unit] = sum;
  }
  return y;
}

// Turn logits into probabilities.
export function softmax({ data }) {
  const top = Math.max(...data);
  const powers = Array.from(data, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

// Count the multiplications of one reading: a kernel is used at each place of its map.
export function multiplications(weights, outputs) {
  const counts = Object.entries(weights).map(([name, { kernel }]) => {
    const places = size(outputs[name].shape.slice(0, -1));
    return places * kernel.data.length;
  });
  return counts.reduce((a, b) => a + b);
}
