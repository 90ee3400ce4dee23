// Numbers, times and names as people read them.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

const monthOnly = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });

export const count = (value: number) => whole.format(value);
export const brief = (value: number) => (value < 10_000 ? whole.format(value) : short.format(value));
export const many = (value: number, one: string, more = one + "s") => `${count(value)} ${value === 1 ? one : more}`;
export const decimal = (value: number, digits = 1) => value.toLocaleString(undefined, { maximumFractionDigits: digits });
export const percent = (value: number) => `${Math.round(value * 100)} %`;

/// An amount is a whole number of the smallest unit, too large for a double.
export function amount(text: string): string {
  return /^\d+$/.test(text) ? BigInt(text).toLocaleString() : text;
}

export function time(text: string): string {
  const when = new Date(text);
  return Number.isNaN(when.getTime()) ? text : `${dateAndTime.format(when)} UTC`;
}

export function day(text: string | null | undefined): string {
  const when = new Date(text ?? "");
  return Number.isNaN(when.getTime()) ? (text ?? "") : dateOnly.format(when);
}

/// "2025-05-01" as "May 2025".
export const month = (date: string) => monthOnly.format(new Date(date));

/// "traffic_light" as "Traffic light".
export function words(code: string): string {
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const winds = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

export function direction(heading_deg: number): string {
  const turned = ((heading_deg % 360) + 360) % 360;
  return `${Math.round(turned)}° (${winds[Math.round(turned / 45) % 8]})`;
}

const units: [RegExp, string][] = [
  [/_mps2$/, " m/s²"],
  [/_mps$/, " m/s"],
  [/_deg$/, "°"],
  [/_m$/, " m"],
  [/_s$/, " s"],
];

/// A value of a verdict: "speed_mps", 3.21 as "Speed", "3.21 m/s".
export function measured(name: string, value: number): [string, string] {
  const unit = units.find(([ending]) => ending.test(name));
  return [words(unit ? name.replace(unit[0], "") : name), decimal(value, 3) + (unit ? unit[1] : "")];
}
