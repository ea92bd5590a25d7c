/** Makes a folder and those around it; see make-folder.js. */
export declare const makeFolder: (path: string, mode?: number) => void
