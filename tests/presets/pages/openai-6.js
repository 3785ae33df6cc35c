import OpenAI from "openai-6";
import { openai } from "./openai_facts.js";

export const run = openai(OpenAI);
