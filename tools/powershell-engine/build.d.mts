export function powershellRuntime(options?: { log?: (line: string) => void; target?: string }): Promise<
  | {
      readonly folder: string;
      readonly executable: string;
      readonly modules: (state: 'loaded' | 'missing' | 'blocked') => string;
    }
  | { readonly missing: string }
>;
