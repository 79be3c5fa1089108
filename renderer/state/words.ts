/** `amd-on-windows-10` → `amd on windows 10`: a scenario's name as it is read. */
export const words = (name: string): string => name.replaceAll('-', ' ');
