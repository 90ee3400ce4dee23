// Keeps the page true to the server: often while it works, seldom while it rests, not at all while nobody looks.

import { queuesOf, read, readDrives, sentence, type Drive, type Status, type TileJson } from "./api";
import type { Archives } from "./archives";
import { byId } from "./dom";
import type { MapView } from "./map";
import type { Panel } from "./panel";
import { Rewards } from "./rewards";

const busy_ms = 2500;
const idle_ms = 15_000;

const isBusy = (status: Status) => queuesOf(status).some((queue) => queue.queued + queue.leased > 0);

export class Refresh {
  private readonly rewards: Rewards;
  private readonly notice = byId("notice");
  private fingerprint: string | null = null;
  private wasBusy = false;
  private isAttributed = false;
  private drives: Drive[] = [];
  private timer = 0;

  constructor(private readonly view: MapView, private readonly panel: Panel, private readonly archives: Archives) {
    this.rewards = new Rewards(panel);
    document.addEventListener("visibilitychange", () => document.hidden || void this.run());
  }

  async run(): Promise<void> {
    clearTimeout(this.timer);
    const wait = await this.once();
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = window.setTimeout(() => void this.run(), wait);
  }

  /// Looks once; the time until the next look, in milliseconds.
  private async once(): Promise<number> {
    let status: Status;
    try {
      status = await read<Status>("api/status");
    } catch (error) {
      this.panel.statusFailed(sentence(error));
      if (this.fingerprint === null) await this.place();
      return idle_ms / 3;
    }
    this.panel.showStatus(status);
    const busy = isBusy(status);
    const isEmpty = (status.totals?.published ?? 0) === 0;
    this.say(isEmpty ? "Nothing on the map yet. It fills as soon as a drive is uploaded." : "");
    if (!isEmpty) await this.place();
    await this.follow(status, busy);
    return busy || isEmpty ? busy_ms : idle_ms;
  }

  /// Brings in what changed since the last look.
  private async follow(status: Status, busy: boolean): Promise<void> {
    const fingerprint = JSON.stringify(status.totals ?? {});
    const changed = fingerprint !== this.fingerprint || this.wasBusy;
    if (changed && this.fingerprint !== null) this.view.reload();
    if (changed) {
      await readDrives().then(
        (drives) => this.panel.showDrives((this.drives = drives), status.totals?.sequences ?? drives.length),
        (error: unknown) => this.panel.drivesFailed(sentence(error)),
      );
    }
    this.fingerprint = fingerprint;
    this.wasBusy = busy;
    await Promise.all([this.rewards.refresh(this.drives), this.archives.refresh()]);
  }

  /// Goes to the data once, unless the address names a place.
  private async place(): Promise<void> {
    if (this.view.isPlaced && this.isAttributed) return;
    const about = await read<TileJson>("tiles/map.json").catch(() => null);
    if (!about) return this.say("The map's tiles can't be read right now.");
    if (!this.isAttributed) this.view.attribute(about.attribution ?? "");
    this.isAttributed = true;
    if (this.view.isPlaced || !about.bounds || about.bounds[2] - about.bounds[0] >= 360) return;
    this.view.fit(about.bounds, false);
    this.view.isPlaced = true;
  }

  private say(text: string): void {
    this.notice.textContent = text;
    this.notice.hidden = text === "";
  }
}
