import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { home } from "./api";
import { hasPictures, layersOfArchive, sourceOf, sourceOfArchive, type ShownArchive } from "./archives";
import type { Theme } from "./theme";
import { words } from "./words";

const tilePaths = { cairn: "tiles/map/{z}/{x}/{y}.mvt", freshness: "tiles/coverage/{z}/{x}/{y}.png" };
type SourceName = keyof typeof tilePaths;
export const sourceNames = Object.keys(tilePaths) as SourceName[];

/// Addresses of a source's tiles. A version that was not asked for before passes by every cache.
export const tileAddresses = (source: SourceName, version: number) => [`${home}${tilePaths[source]}${version > 0 ? `?v=${version}` : ""}`];

const byZoom = (...stops: number[]): ExpressionSpecification => ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;

/// Layers that people can switch, by what they show.
export const shownLayers: Record<string, string[]> = {
  sequences: ["sequences-edge", "sequences", "sequence-dates"],
  frames: ["frames", "frames-heading"],
  features: ["features", "feature-icons", "feature-names"],
  coverage: ["coverage"],
  freshness: ["freshness"],
};
/// Those of them that are shown to nobody who doesn't ask.
export const offAtFirst = ["freshness"];

function layersOf(theme: Theme): LayerSpecification[] {
  const source = "cairn";
  const line = { "line-cap": "round", "line-join": "round" } as const;
  const classColours = ["match", ["get", "class"], ...Object.entries(theme.classes).flat(), theme.otherClass] as unknown as ExpressionSpecification;
  return [
    { id: "ground", type: "background", paint: { "background-color": theme.ground } },
    {
      id: "coverage", type: "circle", source, "source-layer": "coverage",
      paint: {
        "circle-color": theme.coverage,
        "circle-blur": byZoom(0, 0.25, 9, 0.5, 13, 0.8),
        "circle-radius": byZoom(0, 6, 6, 7, 10, 7, 13, 8, 14, 9, 16, 18, 18, 46, 20, 120),
        "circle-opacity": byZoom(0, 0.9, 9, 0.6, 14, 0.3, 18, 0.14),
      },
    },
    {
      id: "freshness", type: "raster", source: "freshness", layout: { visibility: "none" },
      paint: { "raster-resampling": "nearest", "raster-fade-duration": 0 },
    },
    {
      id: "sequences-edge", type: "line", source, "source-layer": "sequences", layout: line,
      paint: { "line-color": theme.driveEdge, "line-width": byZoom(6, 2.5, 12, 5, 16, 8, 19, 12), "line-opacity": 0.9 },
    },
    {
      id: "sequences", type: "line", source, "source-layer": "sequences", layout: line,
      paint: { "line-color": theme.drive, "line-width": byZoom(6, 1.5, 12, 3, 16, 4.5, 19, 7) },
    },
    {
      id: "frames", type: "circle", source, "source-layer": "frames", minzoom: 14,
      paint: {
        "circle-color": theme.frame,
        "circle-radius": byZoom(14, 2.5, 16, 4, 18, 7, 20, 10),
        "circle-stroke-color": theme.frameEdge,
        "circle-stroke-width": byZoom(14, 0.8, 18, 2),
      },
    },
    {
      id: "frames-heading", type: "symbol", source, "source-layer": "frames", minzoom: 16.5,
      layout: {
        "icon-image": "heading", "icon-rotate": ["get", "heading"], "icon-rotation-alignment": "map",
        "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": byZoom(16.5, 0.75, 18, 1.15, 20, 1.6),
      },
    },
    {
      id: "features", type: "circle", source, "source-layer": "features",
      paint: {
        "circle-color": classColours,
        "circle-radius": byZoom(6, 2, 12, 4, 16, 8, 19, 12),
        "circle-stroke-color": theme.driveEdge,
        "circle-stroke-width": byZoom(6, 0.5, 14, 1.5, 18, 2.5),
        "circle-opacity": ["case", ["==", ["get", "state"], "confirmed"], 1, 0.72],
      },
    },
    ...symbolsOf(theme, source),
  ];
}

/// Icons and names of things, dates of drives.
function symbolsOf(theme: Theme, source: string): LayerSpecification[] {
  const byClass = (value: (name: string) => string, other: string) =>
    ["match", ["get", "class"], ...Object.keys(theme.classes).flatMap((name) => [name, value(name)]), other] as unknown as ExpressionSpecification;
  const paint = { "text-color": theme.text, "text-halo-color": theme.ground, "text-halo-width": 1.4 };
  const font = { "text-font": ["Noto Sans Regular"], "text-size": 12 };
  return [
    {
      id: "sequence-dates", type: "symbol", source, "source-layer": "sequences", minzoom: 15, paint,
      layout: { ...font, "symbol-placement": "line", "symbol-spacing": 450, "text-field": ["get", "date"], "text-offset": [0, 1.1] },
    },
    {
      id: "feature-icons", type: "symbol", source, "source-layer": "features", minzoom: 15,
      layout: {
        "icon-image": byClass((name) => name + theme.iconEnding, `thing${theme.iconEnding}`),
        "icon-size": byZoom(15, 0.6, 19, 1.1), "icon-allow-overlap": true, "icon-ignore-placement": true,
      },
    },
    {
      id: "feature-names", type: "symbol", source, "source-layer": "features", minzoom: 17.5, paint,
      layout: { ...font, "text-field": byClass(words, "Thing"), "text-offset": [0, 1.2], "text-anchor": "top" },
    },
  ];
}

/// With pictures of the operator's right above the ground and vector tiles right below the drives.
function allLayers(theme: Theme, archives: ShownArchive[]): LayerSpecification[] {
  const own = (pictures: boolean) => archives.filter(({ archive }) => hasPictures(archive) === pictures).flatMap((one) => layersOfArchive(one, theme.own));
  const layers = layersOf(theme);
  layers.splice(layers.findIndex(({ id }) => id === "sequences-edge"), 0, ...own(false));
  layers.splice(1, 0, ...own(true));
  return layers;
}

export function styleOf(theme: Theme, version: number, archives: ShownArchive[]): StyleSpecification {
  return {
    version: 8,
    sprite: `${home}sprites/cairn`,
    glyphs: `${home}fonts/{fontstack}/{range}.pbf`,
    sources: {
      cairn: { type: "vector", tiles: tileAddresses("cairn", version), minzoom: 0, maxzoom: 14 },
      freshness: { type: "raster", tiles: tileAddresses("freshness", version), tileSize: 256, minzoom: 0, maxzoom: 14 },
      ...Object.fromEntries(archives.map((one) => [sourceOf(one.archive), sourceOfArchive(one)])),
    },
    layers: allLayers(theme, archives),
  };
}
