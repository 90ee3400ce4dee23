// The operator's own archives of tiles: people switch them on, and they lie below what the map shows.

import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { home, read, readArchives, type Archive, type TileJson } from "./api";
import type { MapView } from "./map";
import type { Panel } from "./panel";

/// An archive that is on the map.
export interface ShownArchive {
  archive: Archive;
  about: TileJson;
}

export const hasPictures = (archive: Archive) => archive.format !== "mvt";
export const sourceOf = (archive: Archive) => `archive:${archive.name}`;
const pathOf = (archive: Archive) => `tiles/${encodeURIComponent(archive.name)}`;

export function sourceOfArchive({ archive, about }: ShownArchive): SourceSpecification {
  const { minzoom = 0, maxzoom = 22, bounds, attribution } = about;
  const common = {
    tiles: [`${home}${pathOf(archive)}/{z}/{x}/{y}.${archive.format}?v=${archive.version}`], minzoom, maxzoom,
    ...(bounds ? { bounds } : {}), ...(attribution ? { attribution } : {}),
  };
  return hasPictures(archive) ? { type: "raster", tileSize: 256, ...common } : { type: "vector", ...common };
}

/// Pictures as they are; of vector tiles everything, in one colour.
export function layersOfArchive({ archive, about }: ShownArchive, colour: string): LayerSpecification[] {
  const source = sourceOf(archive);
  if (hasPictures(archive)) return [{ id: source, type: "raster", source, paint: { "raster-fade-duration": 0 } }];
  return (about.vector_layers ?? []).flatMap(({ id }): LayerSpecification[] => {
    const common = { source, "source-layer": id };
    const of = (kind: string) => ["==", ["geometry-type"], kind] as ["==", ["geometry-type"], string];
    return [
      { id: `${source}:${id}:areas`, type: "fill", ...common, filter: of("Polygon"), paint: { "fill-color": colour, "fill-opacity": 0.25 } },
      { id: `${source}:${id}:lines`, type: "line", ...common, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 1.2 } },
      { id: `${source}:${id}:points`, type: "circle", ...common, filter: of("Point"), paint: { "circle-color": colour, "circle-radius": 3 } },
    ];
  });
}

/// Keeps panel and map true to the archives that the server has and people want.
export class Archives {
  private known: Archive[] = [];
  private shown: ShownArchive[] = [];
  private readonly wanted = new Set<string>();
  private turn = 0;

  constructor(private readonly view: MapView, private readonly panel: Panel) {}

  async refresh(): Promise<void> {
    const known = await readArchives().catch(() => null);
    if (!known) return;
    const changed = JSON.stringify(known) !== JSON.stringify(this.known);
    this.known = known;
    if (changed) this.panel.showArchives(known);
    await this.draw();
  }

  async show(name: string, visible: boolean): Promise<void> {
    if (visible) this.wanted.add(name);
    else this.wanted.delete(name);
    await this.draw();
  }

  /// What can't be read now is tried again at the next refresh.
  private async draw(): Promise<void> {
    const turn = ++this.turn;
    const wanted = this.known.filter((archive) => this.wanted.has(archive.name));
    const described = await Promise.all(wanted.map((archive) => this.described(archive)));
    const shown = described.filter((one) => one !== null);
    const same = shown.length === this.shown.length && shown.every((one, i) => one === this.shown[i]);
    if (turn !== this.turn || same) return;
    this.shown = shown;
    this.view.showArchives(shown);
  }

  private async described(archive: Archive): Promise<ShownArchive | null> {
    const known = this.shown.find((one) => one.archive.name === archive.name && one.archive.version === archive.version);
    if (known) return known;
    const about = await read<TileJson>(`${pathOf(archive)}.json`).catch(() => null);
    return about && { archive, about };
  }
}
