/**
 * Where the source and the releases are: `repository.url` of package.json, as it was when this was built. Empty until somebody
 * publishes it; what needs it (updates, links, the release) does nothing then.
 */
import { repository as given } from '../../package.json';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** `https://github.com/OWNER/NAME.git`, with or without `git+` and `.git`; anything else is none. */
export function repositoryOf(url: string): Repository | null {
  const [, owner, name] = /^(?:git\+)?https:\/\/github\.com\/([\w-]+)\/([\w.-]+?)(?:\.git)?$/.exec(url) ?? [];
  return owner !== undefined && name !== undefined ? { owner, name } : null;
}

export const repository = repositoryOf(given.url);
