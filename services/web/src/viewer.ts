import { Marker, type Map } from "maplibre-gl";
import { pictureFile, readPicture, sentence, type Picture } from "./api";
import { byId, element, facts, icon, icons } from "./dom";
import { viewMarker } from "./heading";
import { decimal, direction, measured, percent, time } from "./words";

/// The picture panel: one picture of a drive, with its neighbours one key away.
export class Viewer {
  private readonly box = byId("viewer");
  private readonly image = element("img", { alt: "", decoding: "async" });
  private readonly state = element("p", { class: "viewer-state", role: "status" });
  private readonly about = element("div", { class: "viewer-about" });
  private readonly position = element("span", { class: "viewer-position" });
  private readonly previous = this.button("Previous picture (left arrow)", icons.previous, () => this.step("prev"));
  private readonly next = this.button("Next picture (right arrow)", icons.next, () => this.step("next"));
  private readonly marker = new Marker({ element: viewMarker(), rotationAlignment: "map" });
  private neighbours: { prev?: string; next?: string } = {};
  private asked = "";
  private opener: Element | null = null;

  constructor(private readonly map: Map) {
    const stage = element("div", { class: "viewer-stage" }, this.image, this.state, this.previous, this.next);
    const larger = this.button("Larger or smaller (F)", icons.larger, () => this.resize());
    const close = this.button("Close picture (Esc)", icons.close, () => this.close());
    this.previous.classList.add("step", "step-previous");
    this.next.classList.add("step", "step-next");
    this.box.append(element("header", {}, this.position, larger, close), stage, this.about);
    this.image.addEventListener("load", () => this.say(""));
    this.image.addEventListener("error", () => this.say("This picture can't be shown: it is not published, or the server is busy."));
    addEventListener("keydown", (event) => this.onKey(event));
  }

  get isOpen(): boolean {
    return !this.box.hidden;
  }

  async open(id: string): Promise<void> {
    if (!this.isOpen) this.opener = document.activeElement;
    this.asked = id;
    this.box.hidden = false;
    document.body.classList.add("has-picture");
    this.say("Loading…");
    try {
      const picture = await readPicture(id);
      if (this.asked === id) this.show(picture);
    } catch (error) {
      if (this.asked === id) this.fail(sentence(error));
    }
  }

  close(): void {
    this.asked = "";
    this.box.hidden = true;
    this.box.classList.remove("large");
    document.body.classList.remove("has-picture");
    this.image.removeAttribute("src");
    this.marker.remove();
    remember("");
    if (this.opener instanceof HTMLElement) this.opener.focus();
  }

  private show(picture: Picture): void {
    const { properties } = picture;
    const link = (rel: string) => picture.links.find((one) => one.rel === rel)?.id;
    this.neighbours = { prev: link("prev"), next: link("next") };
    this.previous.disabled = !this.neighbours.prev;
    this.next.disabled = !this.neighbours.next;
    this.image.src = pictureFile(picture.id, "sd");
    this.image.alt = `Street-level picture taken ${time(properties.datetime)}`;
    this.position.textContent = `Picture ${properties["geovisio:rank_in_collection"] ?? ""}`;
    this.about.replaceChildren(...aboutPicture(picture));
    this.place(picture);
    remember(picture.id);
    for (const near of [this.neighbours.next, this.neighbours.prev]) if (near) new Image().src = pictureFile(near, "sd");
  }

  private place(picture: Picture): void {
    const at = picture.geometry.coordinates;
    const heading = picture.properties["view:azimuth"];
    this.marker.setLngLat(at).setRotation(heading ?? 0).addTo(this.map);
    this.marker.getElement().classList.toggle("no-heading", heading === undefined);
    this.map.easeTo({ center: at, zoom: Math.max(this.map.getZoom(), 16), offset: this.offset(), duration: 350 });
  }

  /// Keeps the marker in the middle of what the panels leave free.
  private offset(): [number, number] {
    const size = this.box.getBoundingClientRect();
    return innerWidth < 720 ? [0, -size.height / 2 + 20] : [-size.width / 2 + 160, 0];
  }

  private fail(text: string): void {
    this.image.removeAttribute("src");
    this.about.replaceChildren();
    this.position.textContent = "Picture";
    this.neighbours = {};
    this.previous.disabled = this.next.disabled = true;
    this.say(text);
  }

  private step(rel: "prev" | "next"): void {
    const id = this.neighbours[rel];
    if (id) void this.open(id);
  }

  private resize(): void {
    this.box.classList.toggle("large");
  }

  private say(text: string): void {
    this.state.textContent = text;
    this.state.hidden = text === "";
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.isOpen || event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const action = { ArrowLeft: () => this.step("prev"), ArrowRight: () => this.step("next"), Escape: () => this.close(), f: () => this.resize() }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  private button(label: string, path: string, click: () => void): HTMLButtonElement {
    return element("button", { type: "button", "aria-label": label, title: label, click }, icon(path));
  }
}

function aboutPicture(picture: Picture): HTMLElement[] {
  const { properties } = picture;
  const verdict = properties["cairn:verdict"];
  const heading = properties["view:azimuth"];
  const accuracy = properties["quality:horizontal_accuracy"];
  const camera = properties["pers:interior_orientation"];
  const parts = [
    element("p", { class: "viewer-time" }, time(properties.datetime)),
    facts([
      ["By", picture.providers?.map((one) => one.name).join(", ")],
      ["Looks to", heading === undefined ? null : direction(heading)],
      ["Place within", accuracy === undefined ? null : `${decimal(accuracy)} m`],
      ["Speed", verdict?.speed_mps === undefined ? null : `${decimal(verdict.speed_mps * 3.6, 0)} km/h`],
      ["Camera", [camera?.camera_manufacturer, camera?.camera_model].filter(Boolean).join(" ")],
      ["Licence", properties.license],
    ]),
  ];
  if (verdict) {
    parts.push(element("div", { class: "gauges" }, gauge("Quality", verdict.quality), gauge("Trust", verdict.trust)));
    const values = Object.entries(verdict.values ?? {}).map(([name, value]) => measured(name, value));
    if (values.length) parts.push(element("details", {}, element("summary", {}, "What the verdict rests on"), facts(values)));
  }
  const links = element("p", { class: "links" }, element("a", { href: pictureFile(picture.id, "hd") }, "Full size"));
  links.append(element("a", { href: pictureFile(picture.id, "hd").replace(/\/hd\.jpg$/, "") }, "Data"));
  parts.push(links);
  return parts;
}

function gauge(name: string, value: number | undefined): HTMLElement {
  const known = Math.min(1, Math.max(0, value ?? 0));
  const level = element("i");
  level.style.width = `${known * 100}%`;
  const bar = element("span", { class: "bar", role: "meter", "aria-label": name, "aria-valuemin": "0", "aria-valuemax": "1", "aria-valuenow": String(known) }, level);
  return element("p", { class: "gauge" }, element("span", {}, name), bar, element("span", {}, percent(known)));
}

const isTyping = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === "text";

/// The open picture stands in the address beside the map's place, so that it can be shared.
function remember(id: string): void {
  const parts = location.hash.slice(1).split("&").filter((part) => part && !part.startsWith("picture="));
  if (id) parts.push(`picture=${id}`);
  history.replaceState(history.state, "", `#${parts.join("&")}`);
}

export const pictureInAddress = () => /(?:^#|&)picture=([0-9a-zA-Z-]+)/.exec(location.hash)?.[1];
