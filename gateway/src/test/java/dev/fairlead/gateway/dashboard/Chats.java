package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The page of the chats, as one types there and reads. */
final class Chats {
    private Chats() {}

    /** Where one writes. */
    static Locator message(Page page) {
        return page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true));
    }

    /** The latest answer, also one that is still being given. */
    static Locator answer(Page page) {
        return page.locator(".answer").last();
    }

    static void ask(Page page, String text) {
        assertThat(message(page)).isEditable();
        message(page).fill(text);
        assertThat(Visitor.button(page, "Send")).isEnabled();
        message(page).press("Enter");
        assertThat(page.locator(".asked").last()).containsText(text);
    }
}
