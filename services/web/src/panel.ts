import { home, queuesOf, type Archive, type Drive, type Epoch, type Status } from "./api";
import { hasPictures } from "./archives";
import { byId, element, facts } from "./dom";
import { Legend } from "./legend";
import { offAtFirst } from "./style";
import { classColour, theme } from "./theme";
import type { Bounds } from "./map";
import { amount, brief, count, day, decimal, many, words } from "./words";

export interface PanelActions {
  showLayer(name: string, visible: boolean): void;
  showArchive(name: string, visible: boolean): void;
  goTo(bounds: Bounds): void;
}

export interface Share {
  name: string;
  amount: string;
}

/// Name, label and colour of a switch.
type LayerEntry = [string, string, string];

const mostDrives = 5;
const archivePrefix = "archive:"; ///< of their switches' names

/// The side panel: what is on the map, what is being worked on, what was refused and why, what was earned.
export class Panel {
  private readonly title = element("h1", {}, "Cairn");
  private readonly totals = element("div", { class: "totals" });
  private readonly work = element("div", { class: "work", role: "status" });
  private readonly drives = element("div", { class: "drives" });
  private readonly refusals = element("div", { id: "refusals" });
  private readonly rewards = element("div", { id: "rewards" });
  private readonly foot = element("footer");
  private readonly layers = element("div", { class: "layers" });
  private readonly legend = new Legend();
  private archives: Archive[] = [];

  constructor(private readonly actions: PanelActions) {
    const toggle = element("details", { class: "panel-body" }, element("summary", {}, "Details"));
    toggle.open = innerWidth >= 720;
    toggle.append(
      section("On the map", this.layers),
      section("Drives", this.drives),
      section("Refused", this.refusals),
      section("Rewards", this.rewards),
      this.foot,
    );
    const mark = element("img", { src: `${home}icon.svg`, alt: "", width: "28", height: "28" });
    byId("panel").append(element("header", {}, mark, this.title), this.totals, this.work, toggle);
    this.drawLayers();
  }

  drawLayers(): void {
    const colours = theme();
    const entries: LayerEntry[] = [
      ["sequences", "Drives", colours.drive],
      ["frames", "Pictures, from zoom 14", colours.frame],
      ["coverage", "Road seen", colours.coverage],
      ["features", "Signs and lights", classColour("sign")],
      ["freshness", "When road was last seen", "linear-gradient(90deg, #821698, #df5304, #52f184)"],
    ];
    const own = this.archives.map((archive): LayerEntry => [archivePrefix + archive.name, archive.title || archive.name, hasPictures(archive) ? "linear-gradient(135deg, #6b7f4f, #b9a27a)" : colours.own]);
    const boxes = [...this.layers.querySelectorAll<HTMLInputElement>("input")];
    const shown = new Set(boxes.length === 0 ? entries.map(([name]) => name).filter((name) => !offAtFirst.includes(name)) : boxes.filter((box) => box.checked).map((box) => box.name));
    this.layers.replaceChildren(...[...entries, ...own].map(([name, label, colour]) => this.layerSwitch(name, label, colour, shown.has(name))), this.legend.box);
  }

  /// The operator's, off until somebody wants them.
  showArchives(archives: Archive[]): void {
    this.archives = archives;
    this.drawLayers();
  }

  showStatus(status: Status): void {
    const totals = status.totals ?? {};
    document.title = this.title.textContent = status.title || "Cairn";
    this.totals.replaceChildren(
      figure(totals.published, "picture"),
      figure(totals.sequences, "drive"),
      figure(totals.features, "feature"),
      figure(totals.accounts, "person", "people"),
    );
    this.showWork(status);
    this.showRefusals(status);
    this.showFoot(status);
  }

  statusFailed(text: string): void {
    this.work.replaceChildren(element("p", { class: "trouble" }, text));
  }

  /// The newest of `drives`, which come newest first, of so many on the map.
  showDrives(drives: Drive[], all: number): void {
    const ready = drives.filter((drive) => drive["geovisio:status"] === "ready");
    if (ready.length === 0) return this.drives.replaceChildren(element("p", {}, "No drive is ready yet."));
    const shown = ready.slice(0, mostDrives);
    const more = all - shown.length;
    this.drives.replaceChildren(...shown.map((drive) => this.driveButton(drive)));
    if (more > 0) this.drives.append(element("p", {}, `and ${many(more, "more drive")}`));
  }

  drivesFailed(text: string): void {
    this.drives.replaceChildren(element("p", { class: "trouble" }, text));
  }

  showEpoch(epoch: Epoch, shares: Share[]): void {
    const list = element("ol", { class: "shares" });
    for (const share of shares) list.append(element("li", {}, element("span", {}, share.name), element("b", {}, amount(share.amount))));
    const rows = facts([
      ["Epoch", `${day(epoch.begin)} to ${day(epoch.end)}`],
      ["Paid", `${amount(epoch.paid)} of ${amount(epoch.pool)}`],
      ["Carried over", epoch.carried_over === "0" ? null : amount(epoch.carried_over)],
      ["To", many(epoch.accounts, "contributor")],
      ["For", `${many(epoch.frames, "picture")} in ${many(epoch.cells, "cell")}`],
      ["Policy", epoch.policy],
    ]);
    const root = epoch.root ? element("p", { class: "root", title: "Root of the epoch's Merkle tree" }, epoch.root) : null;
    const data = element("a", { href: `${home}api/rewards/epochs/${encodeURIComponent(epoch.epoch)}` }, "Epoch's data");
    this.rewards.replaceChildren(list, rows, ...(root ? [root] : []), element("p", { class: "links" }, data));
  }

  noRewards(text: string): void {
    this.rewards.replaceChildren(element("p", {}, text));
  }

  private showWork(status: Status): void {
    const busy = queuesOf(status).filter((queue) => queue.queued + queue.leased > 0);
    const aside = queuesOf(status).reduce((sum, queue) => sum + queue.quarantined, 0);
    const jobs = busy.reduce((sum, queue) => sum + queue.queued + queue.leased, 0);
    const parts: Node[] = [];
    if (jobs > 0) {
      const stages = busy.map((queue) => `${queue.stage} ${count(queue.queued + queue.leased)}`).join(", ");
      parts.push(element("div", { class: "running" }), element("p", {}, `At work on ${many(jobs, "job")}: ${stages}`));
    }
    if (aside > 0) parts.push(element("p", { class: "trouble" }, `${many(aside, "job")} set aside for the operator.`));
    this.work.replaceChildren(...parts);
  }

  private showRefusals(status: Status): void {
    const refusals = [...(status.refusals ?? [])].sort((a, b) => b.count - a.count);
    if (refusals.length === 0) return this.refusals.replaceChildren(element("p", {}, "Nothing was refused."));
    const list = element("ul", { class: "refusals" });
    for (const refusal of refusals) {
      const name = element("p", { class: "refusal-name" }, words(refusal.code), element("b", {}, count(refusal.count)));
      list.append(element("li", { "data-code": refusal.code }, name, element("p", {}, refusal.sentence)));
    }
    this.refusals.replaceChildren(list);
  }

  private showFoot(status: Status): void {
    const licence = status.license && /^https?:/.test(status.license.url) ? element("a", { href: status.license.url }, status.license.id) : null;
    this.foot.replaceChildren(element("p", {}, status.attribution ?? ""), element("p", { class: "links" }, licence, element("a", { href: `${home}api` }, "API")));
  }

  private switchLayer(name: string, visible: boolean): void {
    if (name.startsWith(archivePrefix)) return this.actions.showArchive(name.slice(archivePrefix.length), visible);
    this.actions.showLayer(name, visible);
    if (name === "freshness") this.legend.show(visible);
  }

  private layerSwitch(name: string, label: string, colour: string, checked: boolean): HTMLElement {
    const box = element("input", { type: "checkbox", name, checked, change: () => this.switchLayer(name, box.checked) });
    const dot = element("i", { class: name === "sequences" ? "dot line" : "dot" });
    dot.style.background = colour;
    return element("label", {}, box, dot, label);
  }

  private driveButton(drive: Drive): HTMLElement {
    const length = drive["geovisio:length_km"] ?? 0;
    const pictures = many(drive["stats:items"]?.count ?? 0, "picture");
    const small = `${pictures} · ${length < 1 ? `${Math.round(length * 1000)} m` : `${decimal(length)} km`}`;
    const go = () => {
      const box = drive.extent.spatial.bbox[0];
      if (box) this.actions.goTo(box);
    };
    const taken = `Taken ${day(drive.extent.temporal.interval[0]?.[0])}: show it on the map`;
    return element("button", { type: "button", title: taken, click: go }, element("span", {}, drive.title || "Drive"), element("small", {}, small));
  }
}

function section(title: string, body: HTMLElement): HTMLElement {
  return element("section", {}, element("h2", {}, title), body);
}

function figure(value: number | undefined, one: string, more = one + "s"): HTMLElement {
  return element("p", {}, element("b", {}, value === undefined ? "–" : brief(value)), value === 1 ? one : more);
}
