export const CATALOGUE_OPTIONS = Symbol('CATALOGUE_OPTIONS');

export interface CatalogueOptions {
  readonly courseServiceUrl: string;
}
