import { SetupError } from './errors';

/** The version of code that was never given a tag. */
export const DEVELOPMENT = 'development';

/**
 * The image's tag, which is the git tag, from `IMAGE_TAG`: the version that every processed row carries.
 * @throws SetupError in production (`NODE_ENV=production`) when it is not set; elsewhere it is `development`
 */
export function readImageTag(environment: NodeJS.ProcessEnv = process.env): string {
  const tag = environment.IMAGE_TAG?.trim();
  if (tag && !/^[A-Za-z0-9._/+-]{1,128}$/.test(tag)) {
    throw new SetupError({
      happened: `IMAGE_TAG is "${tag}", which is no image tag.`,
      next: 'Set it to the tag of the image: letters, digits and . _ / + -, at most 128.',
    });
  }
  if (tag) return tag;
  if (environment.NODE_ENV !== 'production') return DEVELOPMENT;
  throw new SetupError({
    happened: 'IMAGE_TAG is not set, so the rows would not say which version processed them.',
    next: 'Set IMAGE_TAG to the tag of the image (= the git tag), as the Dockerfile does from its build argument.',
  });
}
