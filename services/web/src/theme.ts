// The map's colours in light and dark. Classes differ in lightness, too, for those who see few colours.

export interface Theme {
  ground: string;
  coverage: string;
  drive: string;
  driveEdge: string;
  frame: string;
  frameEdge: string;
  classes: Record<string, string>;
  otherClass: string;
  own: string; ///< of the operator's own vector tiles
  iconEnding: "" | "-dark"; ///< of the icons that stand out from the colours of classes
  text: string;
}

const light: Theme = {
  ground: "#f0efea",
  coverage: "#31b57b",
  drive: "#2f6fde",
  driveEdge: "#ffffff",
  frame: "#2f6fde",
  frameEdge: "#ffffff",
  classes: { sign: "#e4572e", traffic_light: "#0f766e" },
  otherClass: "#7c5cff",
  own: "#8a6d3b",
  iconEnding: "",
  text: "#33383f",
};

const dark: Theme = {
  ground: "#14181d",
  coverage: "#2fbf82",
  drive: "#6ea2ff",
  driveEdge: "#0c0f13",
  frame: "#8db6ff",
  frameEdge: "#14181d",
  classes: { sign: "#ff8a5c", traffic_light: "#5eead4" },
  otherClass: "#b7a4ff",
  own: "#cfae78",
  iconEnding: "-dark",
  text: "#d7dde5",
};

const asksForDark = matchMedia("(prefers-color-scheme: dark)");

export const theme = (): Theme => (asksForDark.matches ? dark : light);
export const onThemeChange = (listener: () => void) => asksForDark.addEventListener("change", listener);
export const classColour = (name: string) => theme().classes[name] ?? theme().otherClass;
