/** Whole paths of Windows, as people type them: what can be told without a look at any file. */

/**
 * `not-whole`: neither `C:\…` nor `\\server\share\…`; a path of devices (`\\.\`, `\\?\`) is none either. `character`: one that no name
 * has. `name`: a part that Windows keeps for itself (`CON`), or one that ends in a dot or a blank. `too-long`: 260 or more.
 */
export type PathProblem = 'not-whole' | 'character' | 'name' | 'too-long';

/** As it was meant: without blanks and quotes around it (Copy as path), with backslashes, each once. */
export function meantPath(typed: string): string {
  const bare = typed
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('/', '\\');
  const [, start = '', rest = ''] = /^(\\\\|)(.*)$/s.exec(bare) ?? [];
  return start + rest.replace(/\\{2,}/g, '\\');
}

// eslint-disable-next-line no-control-regex -- the very characters that no name may have
const forbidden = /[<>:"|?*\u0000-\u001f]/;
/** Devices, whatever the ending; Windows takes the small digits for digits. */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/** Of a path as `meantPath` gives it. undefined: nothing that can be told from here. */
export function problemOfPath(path: string): PathProblem | undefined {
  const [, drive, shared] = /^(?:([A-Za-z]:\\)|\\\\([^\\]+\\[^\\]+)(?:\\|$))/.exec(path) ?? [];
  if (drive === undefined && (shared === undefined || /^[.?]\\/.test(shared))) return 'not-whole';
  const parts = (drive === undefined ? path.slice(2) : path.slice(3)).split('\\').filter((part) => part !== '');
  if (parts.some((part) => forbidden.test(part))) return 'character';
  if (parts.some((part) => /[. ]$/.test(part) || reserved.test(part))) return 'name';
  return path.length >= 260 ? 'too-long' : undefined;
}

/** On another PC: to look there is to sign in there. */
export const isOnShare = (path: string): boolean => path.startsWith('\\\\');

/** Two paths are one to Windows whatever their case. */
export const isSamePath = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
export const isDiskPath = (path: string): boolean => /[^\\]\.vhdx$/i.test(path);
export const folderOfPath = (path: string): string => {
  const folder = path.slice(0, path.lastIndexOf('\\'));
  return /^[A-Za-z]:$/.test(folder) ? `${folder}\\` : folder;
};
/** The name of the file alone. */
export const fileOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);
export const inFolder = (folder: string, name: string): string => `${folder.replace(/\\$/, '')}\\${name}`;

/** The most characters of a file's name that a VM's name gives. */
const longest = 80;

/**
 * A name for its files that Windows takes, from the name of a VM, which may hold anything: what no file may have becomes `_`; nothing
 * that is left, `VM`. Two VMs can come to one name.
 */
export function fileNameFor(vmName: string): string {
  const kept = Array.from(vmName, (one) =>
    forbidden.test(one) || /[\\/\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(one) ? '_' : one,
  );
  let name = '';
  for (const one of kept) if (name.length + one.length <= longest) name += one;
  name = name.trim().replace(/[. ]+$/, '');
  if (/^_*$/.test(name)) return 'VM';
  return reserved.test(name) ? `_${name}` : name;
}
