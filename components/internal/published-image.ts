// Written by `npm run release:image`; undefined where the sources are not those of a release.
/** The image of controller and external processor that this version was released with, by its digest. */
export const PUBLISHED_IMAGE: string | undefined = undefined;
