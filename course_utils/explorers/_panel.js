// Gives the parts of an explorer the names and states that ipywidgets leaves out, for
// those who hear the page or work it by keyboard. Runs once for each explorer shown.
const HANDLES = "[role=slider], .ui-slider-handle, input[type=number]"; // 8 and 7
const PLAY = { play: "Play", pause: "Pause", stop: "Stop", retweet: "Repeat" };

function set(element, name, value) {
  if (value && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function name(explorer) {
  for (const row of explorer.querySelectorAll(".widget-inline-hbox")) {
    const label = row.querySelector(".widget-label")?.textContent.trim();
    const words = label || row.querySelector("[title]")?.title;
    const shown = row.querySelector(".widget-readout")?.textContent;
    for (const part of row.querySelectorAll(HANDLES)) {
      set(part, "aria-label", words);
      // What the slider itself says is a position or a logarithm.
      if (part.hasAttribute("aria-valuetext")) set(part, "aria-valuetext", shown);
    }
    for (const readout of row.querySelectorAll(".widget-readout[contenteditable]")) {
      set(readout, "role", "textbox");
      set(readout, "aria-label", `${words}, as a number`);
    }
  }
  for (const button of explorer.querySelectorAll(".widget-play button")) {
    const icon = button.className + (button.firstElementChild?.className ?? "");
    const known = Object.keys(PLAY).find((word) => icon.includes(`fa-${word}`));
    set(button, "aria-label", PLAY[known]);
  }
  for (const group of explorer.querySelectorAll(".widget-toggle-buttons")) {
    set(group, "role", "group");
    set(group, "aria-label", group.querySelector(".widget-label")?.textContent.trim());
    set(group, "data-lm-suppress-shortcuts", "true"); // arrow keys stay here
    for (const button of group.querySelectorAll("button")) {
      set(button, "aria-pressed", String(button.classList.contains("mod-active")));
    }
  }
  const said = explorer.querySelector("[aria-live]")?.textContent.trim();
  for (const picture of explorer.querySelectorAll("img")) set(picture, "alt", said);
}

function arrows(event) {
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  const group = event.target.closest(".widget-toggle-buttons");
  if (!step || !group) return;
  const buttons = [...group.querySelectorAll("button")];
  const next = buttons.indexOf(event.target) + step;
  buttons[(next + buttons.length) % buttons.length].focus();
  event.preventDefault();
}

export default {
  render({ el }) {
    let watcher;
    // The explorer around this element is there only after it has been rendered.
    const timer = setTimeout(() => {
      const explorer = el.closest(".course-explorer");
      if (!explorer) return;
      watcher = new MutationObserver(() => name(explorer));
      const watched = { subtree: true, childList: true, attributeFilter: ["class"] };
      watcher.observe(explorer, watched);
      explorer.addEventListener("keydown", arrows);
      name(explorer);
    });
    return () => {
      clearTimeout(timer);
      watcher?.disconnect();
    };
  },
};
