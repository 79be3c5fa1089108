/** A problem report, as it is shown before it is saved. */

/** A file of a problem report, as it is shown before it is saved. */
export interface ReportFile {
  readonly name: string;
  readonly text: string;
}
/** What was taken out of it, by what it told. */
export type TakenOut = 'people' | 'machines' | 'hardware' | 'network' | 'paths' | 'words';
export interface ProblemReport {
  readonly files: readonly ReportFile[];
  readonly takenOut: Readonly<Record<TakenOut, number>>;
  /** bytes, as it is saved */
  readonly size: number;
}
