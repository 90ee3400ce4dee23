import type { Map, MapGeoJSONFeature, MapMouseEvent } from "maplibre-gl";
import { showFeature, type FeatureProperties } from "./feature_popup";

/// A finger covers more than a pointer's tip.
const reach = matchMedia("(pointer: coarse)").matches ? 14 : 6;

/// The nearest of what lies within reach of the pointer: things first, because they are drawn above pictures.
function under(map: Map, event: MapMouseEvent, layer: string): MapGeoJSONFeature | undefined {
  const { x, y } = event.point;
  const found = map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: [layer] });
  const distance = (feature: MapGeoJSONFeature) => {
    const at = map.project(placeOf(feature));
    return Math.hypot(at.x - x, at.y - y);
  };
  return found.sort((a, b) => distance(a) - distance(b))[0];
}

const placeOf = (feature: MapGeoJSONFeature) => (feature.geometry as GeoJSON.Point).coordinates as [number, number];

export function answerClicks(map: Map, openPicture: (id: string) => void): void {
  map.on("click", (event) => {
    const thing = under(map, event, "features");
    if (thing) return showFeature(map, placeOf(thing), thing.properties as FeatureProperties, openPicture);
    const frame = under(map, event, "frames");
    if (frame) return openPicture(String(frame.properties.id));
    const line = map.queryRenderedFeatures(event.point, { layers: ["sequences"] })[0];
    if (line && map.getZoom() < 16) map.easeTo({ center: event.lngLat, zoom: 16 });
  });
  map.on("mousemove", (event) => {
    const hit = under(map, event, "features") ?? under(map, event, "frames");
    map.getCanvas().style.cursor = hit ? "pointer" : "";
  });
}
