/** Where the image of controller and external processor comes from. */
import { existsSync } from "node:fs";
import path from "node:path";
import { Image } from "@pulumi/docker-build";
import type * as pulumi from "@pulumi/pulumi";
import { PUBLISHED_IMAGE } from "./published-image.ts";

export interface ImageSettings {
  image?: pulumi.Input<string>;
  build?: boolean;
}

/** The image that is named: this version's own where nothing else is asked for. */
export const namedImage = ({ image, build }: ImageSettings): pulumi.Input<string> | undefined =>
  image ?? (build === true ? undefined : PUBLISHED_IMAGE);

/**
 * The image as it is named; or, where it is to be built, what was built from this package's sources and
 * pushed under that name: with its digest, so that pods run just that.
 */
export function imageOf(
  settings: ImageSettings,
  name: string,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> | undefined {
  const image = namedImage(settings);
  if (settings.build !== true || image === undefined) return image;
  const root = packageRoot(import.meta.dirname);
  const built = new Image(
    name,
    {
      tags: [image],
      push: true,
      context: { location: root },
      dockerfile: { location: path.join(root, "runtime/images/Dockerfile") },
      platforms: ["linux/amd64", "linux/arm64"],
      // No cluster is asked in preview, and no image built.
      buildOnPreview: false,
    },
    opts as pulumi.CustomResourceOptions,
  );
  return built.ref;
}

/** The folder that has the sources of the runtime: this package's, whether it runs as it is or compiled. */
function packageRoot(from: string): string {
  return existsSync(path.join(from, "runtime/images/Dockerfile"))
    ? from
    : packageRoot(path.dirname(from));
}
