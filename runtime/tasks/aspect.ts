import { unsupported } from "../lib/errors.ts";
import type { ImagesRequest } from "./images.ts";

/**
 * The one of a vendor's aspect ratios (`16:9`) that a size has, give or take a fiftieth: sizes are
 * whole multiples of something.
 * @throws {UserError} 422 naming the ratios.
 */
export function aspectOf(
  size: ImagesRequest["size"],
  ratios: readonly string[],
): string | undefined {
  if (size === undefined) return undefined;
  const wanted = size.width / size.height;
  const ratio = ratios.find((candidate) => {
    const [width, height] = candidate.split(":").map(Number);
    return Math.abs(wanted / ((width ?? 1) / (height ?? 1)) - 1) < 0.02;
  });
  if (ratio !== undefined) return ratio;
  throw unsupported(`this provider draws in the ratios ${ratios.join(", ")} alone`, "size");
}
