// The contrast of every visible text with what lies behind it (WCAG 2.2, "contrast ratio").
() => {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parts(color).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((parts(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const seen = new Map();
  const note = (element, style, text) => {
    const front = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [luminance(front), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const key = `${front} on ${behind(element)} ${element.localName}.${element.getAttribute("class")}`;
    if (!seen.has(key)) seen.set(key, { key, ratio: Math.round(ratio * 100) / 100, text });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest("title, option, script") || !element.checkVisibility()) continue;
    note(element, getComputedStyle(element), text.slice(0, 40));
  }
  for (const cell of document.querySelectorAll(".diff td[data-n]")) {
    note(cell, getComputedStyle(cell, "::before"), `line ${cell.dataset.n}`);
  }
  return [...seen.values()];
}
