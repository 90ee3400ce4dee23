import type { Theme } from "./theme";

/// An arrow head north of a frame's dot, drawn here so that no sprite has to be fetched.
export function headingImage(theme: Theme): ImageData {
  const size = 64;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  pen.beginPath();
  pen.moveTo(size / 2, 2);
  pen.lineTo(size / 2 + 10, 16);
  pen.lineTo(size / 2, 12.5);
  pen.lineTo(size / 2 - 10, 16);
  pen.closePath();
  pen.fillStyle = theme.frame;
  pen.strokeStyle = theme.frameEdge;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.stroke();
  pen.fill();
  return pen.getImageData(0, 0, size, size);
}

/// Where a picture was taken and where it looks: a dot with a cone to the north, turned by its marker.
export function viewMarker(): HTMLElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "-40 -40 80 80");
  const cone = document.createElementNS(space, "path");
  cone.setAttribute("class", "cone");
  cone.setAttribute("d", "M0 0L-20 -34A39.5 39.5 0 0 1 20 -34Z");
  const dot = document.createElementNS(space, "circle");
  dot.setAttribute("r", "8");
  drawing.append(cone, dot);
  const box = document.createElement("div");
  box.className = "view-marker";
  box.append(drawing);
  return box;
}
