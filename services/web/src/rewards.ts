import { read, type Drive, type Epoch } from "./api";
import type { Panel, Share } from "./panel";

interface EpochList {
  epochs: { epoch: string }[];
}

/// Statements list every frame behind a share, so the page asks for a few contributors' only.
const mostAsked = 12;
const mostShown = 5;
const mostTried = 4;

/// Shows the newest closed epoch that paid; reads it again only when there is a newer one.
export class Rewards {
  private shown = "";

  constructor(private readonly panel: Panel) {}

  async refresh(drives: Drive[]): Promise<void> {
    const list = await read<EpochList>("api/rewards/epochs").catch(() => null);
    if (!list) return this.panel.noRewards("Reward statements can't be read right now.");
    const newest = list.epochs.at(-1)?.epoch;
    if (!newest) return this.panel.noRewards("No epoch is closed yet.");
    if (newest === this.shown) return;
    const epoch = await newestThatPaid(list.epochs.map((one) => one.epoch));
    if (!epoch) return this.panel.noRewards(`The epoch ${newest} can't be read right now.`);
    this.panel.showEpoch(epoch, await sharesOf(epoch.epoch, drives));
    this.shown = newest;
  }
}

/// Of the last few epochs the newest that paid anybody; the very newest when none did.
async function newestThatPaid(names: string[]): Promise<Epoch | null> {
  let newest: Epoch | null = null;
  for (const name of names.slice(-mostTried).reverse()) {
    const epoch = await read<Epoch>(`api/rewards/epochs/${encodeURIComponent(name)}`).catch(() => null);
    newest ??= epoch;
    if (epoch && epoch.accounts > 0) return epoch;
  }
  return newest;
}

async function sharesOf(epoch: string, drives: Drive[]): Promise<Share[]> {
  const people = new Map<string, string>();
  for (const drive of drives) for (const person of drive.providers ?? []) people.set(person.id, person.name);
  const asked = [...people].slice(0, mostAsked).map(async ([id, name]): Promise<Share> => {
    const statement = await read<{ amount: string }>(`api/rewards/statements/${encodeURIComponent(id)}?epoch=${encodeURIComponent(epoch)}`);
    return { name, amount: statement.amount };
  });
  const answers = await Promise.allSettled(asked);
  const shares = answers.flatMap((answer) => (answer.status === "fulfilled" && /^[1-9]\d*$/.test(answer.value.amount) ? [answer.value] : []));
  return shares.sort((a, b) => (BigInt(a.amount) < BigInt(b.amount) ? 1 : -1)).slice(0, mostShown);
}
