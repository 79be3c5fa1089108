/** Files of this PC, as far as a VM to be made needs to know of them. Paths are whole paths of Windows; sizes in bytes. */

/** What is at a path. `unknown`: nobody could look, or nothing answered in time. */
export type FileFact =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  /** `mayWrite`: this account can make a file in it. `free`: of its volume. undefined: not known. */
  | { readonly kind: 'folder'; readonly mayWrite: boolean | undefined; readonly free: number | undefined }
  /** `holds`: by its first bytes, whatever its name. */
  | { readonly kind: 'file'; readonly size: number; readonly holds: 'iso' | 'vhdx' | 'other' | undefined };

export interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** A VM has it as a drive, or a drive that is based on it. Absent: not known. */
  readonly isUsed?: boolean;
}
/** Where people keep them, the newest first: downloads, and the folder for disks of Hyper-V. */
export interface FoundFiles {
  readonly isos: readonly FoundFile[];
  readonly disks: readonly FoundFile[];
}

export interface Files {
  /**
   * By path, as asked. Never rejects. `tries`: whether a folder may be written in is tried, with a file that is gone again at once; else it
   * is not known on a real PC.
   */
  readonly look: (
    paths: readonly string[],
    options?: { readonly tries?: boolean },
  ) => Promise<ReadonlyMap<string, FileFact>>;
  /** In these folders themselves, not below; what cannot be read has none. Never rejects. */
  readonly find: (folders: readonly string[]) => Promise<FoundFiles>;
}
