import "maplibre-gl/dist/maplibre-gl.css";
import "./page.css";
import "./viewer.css";
import { Archives } from "./archives";
import { answerClicks } from "./clicks";
import { byId } from "./dom";
import { MapView } from "./map";
import { Panel } from "./panel";
import { Refresh } from "./refresh";
import { onThemeChange } from "./theme";
import { pictureInAddress, Viewer } from "./viewer";

declare global {
  interface Window {
    cairnMap?: MapView["map"]; ///< for tests and the browser's console
  }
}

function makeMap(): MapView | null {
  try {
    return new MapView(byId("map"));
  } catch {
    const notice = byId("notice");
    notice.textContent = "This browser can't draw the map: it has no WebGL 2.";
    notice.hidden = false;
    return null;
  }
}

const view = makeMap();
if (view) {
  window.cairnMap = view.map;
  const viewer = new Viewer(view.map);
  const panel = new Panel({
    showLayer: (name, visible) => view.show(name, visible),
    showArchive: (name, visible) => void archives.show(name, visible),
    goTo: (bounds) => view.fit(bounds, true),
  });
  const archives = new Archives(view, panel);
  onThemeChange(() => panel.drawLayers());
  answerClicks(view.map, (id) => void viewer.open(id));
  const picture = pictureInAddress();
  if (picture) void viewer.open(picture);
  void new Refresh(view, panel, archives).run();
}
