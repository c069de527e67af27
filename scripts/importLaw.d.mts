export type Law = Map<string, Set<string>>;
export interface RoomImport {
  from: string;
  to: string;
  file: string;
}
export function readLaw(document: string): Law;
export function readImports(sources: { file: string; text: string }[]): RoomImport[];
export function breaches(law: Law, imports: RoomImport[]): string[];
export function crowdedFolders(files: string[]): string[];
