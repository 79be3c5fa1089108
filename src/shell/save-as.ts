/** Saving where a person says, with the dialog of Windows. */
import { dialog, type BrowserWindow, type SaveDialogOptions } from 'electron';
import type { Saved } from '../ipc/schema.js';
import { faultOf, replaceFile } from './replace-file.js';

interface Saving {
  readonly title: string;
  readonly file: string;
  /** What its kind is called in the dialog. */
  readonly kind: string;
}

/** Where the page may open nothing now, nobody is asked. */
export const saving =
  ({ mayOpen, window }: { readonly mayOpen: () => boolean; readonly window: () => BrowserWindow | undefined }) =>
  (what: Saving, content: string | Buffer): Promise<Saved> =>
    mayOpen() ? save(window(), what, content) : Promise.resolve({ kind: 'cancelled' });

async function save(
  owner: BrowserWindow | undefined,
  { title, file, kind }: Saving,
  content: string | Buffer,
): Promise<Saved> {
  const extensions = [file.slice(file.lastIndexOf('.') + 1)];
  const options: SaveDialogOptions = { title, defaultPath: file, filters: [{ name: kind, extensions }] };
  const { canceled, filePath } = await (owner ? dialog.showSaveDialog(owner, options) : dialog.showSaveDialog(options));
  if (canceled || !filePath) return { kind: 'cancelled' };
  try {
    await replaceFile(filePath, content);
    return { kind: 'saved' };
  } catch (error) {
    return { kind: 'failed', fault: faultOf(error, filePath) };
  }
}
