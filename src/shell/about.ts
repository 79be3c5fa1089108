/** What the window opens outside: texts that come with the app, pages of its repository, and of Microsoft. Each is a fixed file or address. */
import path from 'node:path';
import type { Evaluation, Opened } from '../ipc/updates.js';
import type { Repository } from './repository.js';

export const addressOf = ({ owner, name }: Repository): string => `https://github.com/${owner}/${name}`;

/** Opened in the browser by a click; nothing is asked of them here. */
const evaluationPages: Readonly<Record<Evaluation, string>> = {
  'get-windows-11': 'https://www.microsoft.com/evalcenter/evaluate-windows-11-enterprise',
  'get-windows-server': 'https://www.microsoft.com/evalcenter/evaluate-windows-server-2025',
  'get-development': 'https://developer.microsoft.com/windows/downloads/virtual-machines/',
};

interface Options {
  readonly repository: Repository | null;
  /** The folder of the program where it is installed; null: it runs from the source. */
  readonly installed: string | null;
  /** The folders of the source, and of what was built of it. */
  readonly source: string;
  readonly built: string;
}
export type AboutTarget = { readonly file: string } | { readonly address: string };

/** undefined: there is no such page. */
export function aboutTarget(what: Opened, { repository, installed, source, built }: Options): AboutTarget | undefined {
  switch (what) {
    case 'license':
      return { file: installed === null ? path.join(source, 'LICENSE') : path.join(installed, 'LICENSE.txt') };
    case 'notices':
      return { file: path.join(installed ?? built, 'THIRD-PARTY-NOTICES.txt') };
    case 'repository':
      return repository ? { address: addressOf(repository) } : undefined;
    case 'releases':
      return repository ? { address: `${addressOf(repository)}/releases` } : undefined;
    case 'get-windows-11':
    case 'get-windows-server':
    case 'get-development':
      return { address: evaluationPages[what] };
  }
}
