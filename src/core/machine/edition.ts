/** Editions and builds of Windows. */
export interface WindowsEdition {
  /** Win32_OperatingSystem OperatingSystemSKU */
  readonly sku: number;
  readonly build: number;
  readonly server: boolean;
}

/** Windows Home and its single-language and country editions have no Hyper-V role (OperatingSystemSKU). */
export const isHome = (sku: number): boolean => [98, 99, 100, 101].includes(sku);
