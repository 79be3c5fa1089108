/** The nest as a picture of a state. */
export type ArtName = 'empty' | 'none' | 'lock' | 'clock' | 'gate' | 'off' | 'lost' | 'stopped';
