import { AttributionControl, GeolocateControl, Map, NavigationControl, ScaleControl, setWorkerUrl, type LngLatBoundsLike, type RasterTileSource, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { ShownArchive } from "./archives";
import { headingImage } from "./heading";
import { offAtFirst, shownLayers, sourceNames, styleOf, tileAddresses } from "./style";
import { onThemeChange, theme } from "./theme";

export type Bounds = [number, number, number, number];

/// The map on the page: fits, reloads, switches layers, follows the theme.
export class MapView {
  readonly map: Map;
  /// Whether the map is where somebody wants it: the address named a place or a picture from the start, or people moved it themselves.
  isPlaced = /(^#|&)(map|picture)=/.test(location.hash);
  private version = 0;
  private archives: ShownArchive[] = [];
  private readonly hidden = new Set(offAtFirst);

  constructor(container: HTMLElement) {
    setWorkerUrl(new URL(workerUrl, import.meta.url).href);
    this.map = new Map({
      container,
      style: styleOf(theme(), 0, []),
      hash: "map",
      center: [10, 30],
      zoom: 1.5,
      maxZoom: 21,
      attributionControl: false,
      dragRotate: true,
    });
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "bottom-right");
    this.map.addControl(new GeolocateControl({ trackUserLocation: false }), "bottom-right");
    this.map.addControl(new ScaleControl(), "bottom-left");
    this.map.on("movestart", (event) => {
      if (event.originalEvent) this.isPlaced = true;
    });
    this.map.on("style.load", () => this.dress());
    this.map.on("styleimagemissing", () => this.dress());
    onThemeChange(() => this.restyle());
  }

  showArchives(archives: ShownArchive[]): void {
    this.archives = archives;
    this.restyle();
  }

  attribute(text: string): void {
    this.map.addControl(new AttributionControl({ compact: false, customAttribution: text }), "bottom-right");
  }

  fit(bounds: Bounds, animate: boolean): void {
    const narrow = innerWidth < 720;
    const padding = narrow ? { top: 90, right: 40, bottom: 60, left: 40 } : { top: 60, right: 80, bottom: 60, left: 400 };
    this.map.fitBounds(bounds as LngLatBoundsLike, { padding, maxZoom: 17, animate });
  }

  reload(): void {
    this.version += 1;
    for (const name of sourceNames) this.map.getSource<VectorTileSource | RasterTileSource>(name)?.setTiles(tileAddresses(name, this.version));
  }

  show(layer: string, visible: boolean): void {
    if (visible) this.hidden.delete(layer);
    else this.hidden.add(layer);
    this.applyVisibility();
  }

  private restyle(): void {
    this.map.once("styledata", () => this.dress());
    this.map.setStyle(styleOf(theme(), this.version, this.archives), { diff: true });
  }

  private applyVisibility(): void {
    for (const [name, ids] of Object.entries(shownLayers)) {
      for (const id of ids) this.map.setLayoutProperty(id, "visibility", this.hidden.has(name) ? "none" : "visible");
    }
  }

  /// What a style can't carry by itself: the drawn image, and what people switched off.
  private dress(): void {
    const image = headingImage(theme());
    if (this.map.hasImage("heading")) this.map.updateImage("heading", image);
    else this.map.addImage("heading", image, { pixelRatio: 2 });
    this.applyVisibility();
  }
}
