declare const __ASSETS__: Record<string, string>;
declare const __BUILD__: string;
