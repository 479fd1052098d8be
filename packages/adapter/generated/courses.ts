import { coursesPage } from "../src/host/courses-page.ts";

export const generated = () => ({ path: "docs/courses.md", content: coursesPage() });
