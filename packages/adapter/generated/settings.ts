import { settingsPage } from "../src/settings/documentation.ts";

export const generated = () => ({ path: "docs/settings.md", content: settingsPage() });
