// What the colours of the freshness layer stand for, as the server says it.

import { read, type TileJson } from "./api";
import { element } from "./dom";
import { month } from "./words";

export class Legend {
  readonly box = element("div", { class: "legend", hidden: true });
  private isRead = false;

  show(visible: boolean): void {
    this.box.hidden = !visible;
    if (visible && !this.isRead) void this.fill();
  }

  private async fill(): Promise<void> {
    const about = await read<TileJson>("tiles/coverage.json").catch(() => null);
    const legend = about?.cairn_legend ?? [];
    const [first, second] = legend;
    if (!first || !second) return this.box.replaceChildren(element("p", {}, "The legend can't be read right now."));
    this.isRead = true;
    const begun = legend.filter((entry, i) => i === 0 || new Date(entry.from) <= new Date());  // nothing is newer than today
    const strip = element("div", { class: "strip" });
    for (const entry of begun) {
      const part = element("i", { title: entry === first ? `before ${month(second.from)}` : `from ${month(entry.from)} on` });
      part.style.background = entry.colour;
      strip.append(part);
    }
    const ends = element("p", { class: "ends" }, element("span", {}, `before ${month(second.from)}`), element("span", {}, "now"));
    this.box.replaceChildren(strip, ends, element("p", {}, "Small squares were passed once, large ones more often."));
  }
}
