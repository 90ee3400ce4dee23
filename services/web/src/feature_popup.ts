import { Popup, type LngLatLike, type Map } from "maplibre-gl";
import { home, pictureFile, read } from "./api";
import { element, facts } from "./dom";
import { classColour } from "./theme";
import { day, decimal, direction, many, percent, words } from "./words";

export interface FeatureProperties {
  id: string;
  class: string;
  state?: string;
  existence?: number;
  accuracy_m?: number;
  facing?: number;
  first_seen?: string;
  last_seen?: string;
  views?: number;
  contributors?: number;
}

interface Evidence {
  evidence?: { pictures?: { id: string }[] }[];
}

const mostPictures = 4;

/// Tells what a thing on the map is, and shows the pictures that say so.
export function showFeature(map: Map, at: LngLatLike, properties: FeatureProperties, openPicture: (id: string) => void): void {
  const pictures = element("div", { class: "evidence" });
  const dot = element("i", { class: "dot" });
  dot.style.background = classColour(properties.class);
  const body = element(
    "div",
    { class: "feature" },
    element("h2", {}, dot, words(properties.class), properties.state === "confirmed" ? element("b", { class: "tag" }, "confirmed") : null),
    facts([
      ["Stands there", properties.existence === undefined ? null : percent(properties.existence)],
      ["Place within", properties.accuracy_m === undefined ? null : `${decimal(properties.accuracy_m)} m`],
      ["Seen", properties.views === undefined ? null : `${many(properties.views, "time")} by ${many(properties.contributors ?? 1, "contributor")}`],
      ["Faces", properties.facing === undefined ? null : direction(properties.facing)],
      ["First seen", day(properties.first_seen)],
      ["Last seen", day(properties.last_seen)],
    ]),
    pictures,
    element("p", { class: "links" }, element("a", { href: `${home}api/features/${encodeURIComponent(properties.id)}` }, "Data and evidence")),
  );
  const popup = new Popup({ maxWidth: "300px", offset: 10 }).setLngLat(at).setDOMContent(body).addTo(map);
  void showEvidence(properties.id, pictures, (id) => {
    popup.remove();
    openPicture(id);
  });
}

async function showEvidence(id: string, into: HTMLElement, open: (id: string) => void): Promise<void> {
  const answer = await read<Evidence>(`api/features/${encodeURIComponent(id)}`).catch(() => null);
  const ids = (answer?.evidence ?? []).flatMap((sighting) => sighting.pictures ?? []).map((picture) => picture.id);
  for (const picture of [...new Set(ids)].slice(0, mostPictures)) {
    const thumb = element("img", { src: pictureFile(picture, "thumb"), alt: "", loading: "lazy" });
    const button = element("button", { type: "button", "aria-label": "Open a picture that shows it", click: () => open(picture) }, thumb);
    thumb.addEventListener("error", () => button.remove());
    into.append(button);
  }
}
