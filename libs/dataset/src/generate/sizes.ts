/** How many students there are. XS is for tests; the others are for measuring. */
export const datasetSizes = { XS: 200, S: 10_000, M: 100_000, L: 1_000_000 } as const;

export type DatasetSize = keyof typeof datasetSizes;
