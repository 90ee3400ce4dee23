// What the page reads from the server. Every answer may be missing: then there is a sentence to show instead.

/// Where the page and its API live, with a slash at the end: works below a path of a proxy, too.
export const home = new URL(".", document.baseURI).href;

/// A failed request, with a sentence for people.
export class Unavailable extends Error {}

export async function read<T>(path: string): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(home + path, { headers: { Accept: "application/json" } });
  } catch {
    throw new Unavailable("The server can't be reached right now.");
  }
  if (!answer.ok) throw new Unavailable(await sentenceOf(answer));
  try {
    return (await answer.json()) as T;
  } catch {
    throw new Unavailable("The server's answer can't be read.");
  }
}

async function sentenceOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as { message?: unknown } | null;
  if (typeof body?.message === "string" && body.message) return body.message;
  if (answer.status === 404) return "The server has nothing there.";
  if (answer.status === 503) return "The server is busy right now.";
  return `The server answered with an error (${answer.status}).`;
}

export const sentence = (error: unknown): string => (error instanceof Unavailable ? error.message : "Something went wrong on this page.");

/// An archive of tiles that the operator serves beside the map.
export interface Archive {
  name: string;
  title: string;
  format: string; ///< the ending of its tiles
  version: string;
}

export const readArchives = () => read<{ archives: Archive[] }>("tiles").then((answer) => answer.archives);

export interface TileJson {
  bounds?: [number, number, number, number];
  minzoom?: number;
  maxzoom?: number;
  vector_layers?: { id: string }[];
  attribution?: string;
  cairn_legend?: { colour: string; from: string }[]; ///< of pictures: colours, oldest first, and the first day that each stands for
}

interface Queue {
  queued?: number;
  leased?: number;
  quarantined?: number;
}

export interface Status {
  totals?: Partial<Record<"files" | "frames" | "published" | "sequences" | "features" | "tiles" | "accounts", number>>;
  queues?: Record<string, Queue>;
  refusals?: { code: string; sentence: string; count: number }[];
  title?: string;
  attribution?: string;
  license?: { id: string; url: string };
}

/// Stages with their work, in the order of the path.
export function queuesOf(status: Status): (Required<Queue> & { stage: string })[] {
  const order = ["decode", "assemble", "inspect", "fuse", "merge", "tile"];
  return Object.entries(status.queues ?? {})
    .map(([stage, { queued = 0, leased = 0, quarantined = 0 }]) => ({ stage, queued, leased, quarantined }))
    .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
}

interface Link {
  rel: string;
  href: string;
  id?: string;
}

export interface Verdict {
  accepted: boolean;
  trust?: number;
  quality?: number;
  accuracy_m?: number;
  speed_mps?: number;
  values?: Record<string, number>;
}

export interface Picture {
  id: string;
  collection?: string;
  geometry: { coordinates: [number, number] };
  providers?: { name: string }[];
  links: Link[];
  properties: {
    datetime: string;
    license?: string;
    "view:azimuth"?: number;
    "quality:horizontal_accuracy"?: number;
    "geovisio:rank_in_collection"?: number;
    "pers:interior_orientation"?: { camera_manufacturer?: string; camera_model?: string };
    "cairn:verdict"?: Verdict;
    [name: string]: unknown;
  };
}

export interface Drive {
  id: string;
  title?: string;
  "geovisio:length_km"?: number;
  "geovisio:status"?: string;
  "stats:items"?: { count: number };
  providers?: { id: string; name: string }[];
  extent: { spatial: { bbox: [number, number, number, number][] }; temporal: { interval: [string | null, string | null][] } };
}

export interface Epoch {
  epoch: string;
  begin: string;
  end: string;
  policy: string;
  pool: string;
  paid: string;
  carried_over: string;
  frames: number;
  cells: number;
  accounts: number;
  root: string | null;
}

export const readPicture = (id: string) => read<Picture>(`api/pictures/${encodeURIComponent(id)}`);
export const pictureFile = (id: string, size: "hd" | "sd" | "thumb") => `${home}api/pictures/${encodeURIComponent(id)}/${size}.jpg`;
/// The newest first.
export const readDrives = () => read<{ collections: Drive[] }>("api/collections?limit=200&sortby=-created").then((answer) => answer.collections);
