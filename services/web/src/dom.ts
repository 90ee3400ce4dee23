type Child = Node | string | null | undefined;
type Properties = Record<string, string | boolean | ((event: Event) => void)>;

/// An element with attributes, listeners (functions, by the event's name) and children. Text is never read as HTML.
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  for (const child of children) if (child != null) made.append(child);
  return made;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

/// Rows of a name and a value; those without a value are left out.
export function facts(rows: [string, string | null | undefined][]): HTMLElement {
  const list = element("dl", { class: "facts" });
  for (const [name, value] of rows) {
    if (value) list.append(element("dt", {}, name), element("dd", {}, value));
  }
  return list;
}

/// A line drawing of 24 x 24 in the colour of the text.
export function icon(path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export const icons = {
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  larger: "M9 4H4v5M15 20h5v-5M4 4l6 6M20 20l-6-6",
};
