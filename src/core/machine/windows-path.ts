/** Whole paths of Windows, judged by their text alone. */
import type { Message } from '../../text/index.js';

/** What Windows takes without being told otherwise. */
const LONGEST = 259;
/** Of a drive or of a share; never of a device (`\\.\`, `\\?\`). */
const whole = /^(?:[A-Za-z]:\\|\\\\[^\\/:*?"<>|.\p{Cc}][^\\/:*?"<>|\p{Cc}]*\\[^\\/:*?"<>|\p{Cc}]+\\)/u;
const reserved = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?$/i;

/** The folder that it is in; of the root of a drive the root itself. */
export function folderOf(path: string): string {
  const folder = path.slice(0, Math.max(path.lastIndexOf('\\'), 0));
  return /^[A-Za-z]:$/.test(folder) ? `${folder}\\` : folder;
}
export const fileOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);
export const pathIn = (folder: string, file: string): string => `${folder.replace(/\\+$/, '')}\\${file}`;

/** Why it cannot be the path of a file that ends so. null: it can. */
export function problemOfPath(path: string, ending: 'vhdx' | 'iso'): Message | null {
  const root = whole.exec(path)?.[0];
  if (root === undefined) return { key: 'create.pathWhole', params: { path } };
  if (path.length > LONGEST) return { key: 'create.pathLong', params: { path, most: LONGEST } };
  const parts = path.slice(root.length).split('\\');
  if (
    parts.some((part) => /[\\/:*?"<>|\p{Cc}]/u.test(part) || /[. ]$/.test(part) || part === '' || reserved.test(part))
  )
    return { key: 'create.pathCharacters', params: { path } };
  return path.toLowerCase().endsWith(`.${ending}`) ? null : { key: 'create.pathEnding', params: { path, ending } };
}

/** A file of that name can be had: of a VM that may be called anything. */
export function fileNameFor(name: string): string {
  const safe = name
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cs}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[. ]+$/, '');
  return safe === '' || reserved.test(safe) ? `VM ${safe}`.trim() : safe;
}
