"""What the public voucher page says, in French, English and Arabic. Amounts and days are put in by name."""

LANGUAGES = ("fr", "en", "ar")

NAMES = {"fr": "Français", "en": "English", "ar": "العربية"}

WORDS: dict[str, dict[str, str]] = {
    "title": {"fr": "Votre bon", "en": "Your voucher", "ar": "قسيمتك"},
    "ask": {
        "fr": "Code du bon, en 17 lettres et chiffres",
        "en": "The voucher’s code, 17 letters and digits",
        "ar": "رمز القسيمة، 17 حرفًا ورقمًا",
    },
    "look": {"fr": "Vérifier", "en": "Check", "ar": "تحقّق"},
    "nothing_paid": {
        "fr": "Regarder cette page ne paie rien : montrez le bon au guichet.",
        "en": "Looking at this page pays nothing: show the voucher at the desk.",
        "ar": "مشاهدة هذه الصفحة لا تدفع شيئًا: أظهر القسيمة عند الشباك.",
    },
    "payable_city": {
        "fr": "Authentique. À toucher à tout guichet de la Ville.",
        "en": "Authentic. Paid at any of the City’s desks.",
        "ar": "أصلية. تُصرف عند أي شباك تابع للمدينة.",
    },
    "payable_kiosk": {
        "fr": "Authentique. À toucher à l’accueil de la mairie de son kiosque.",
        "en": "Authentic. Paid at the desk of its kiosk’s town hall.",
        "ar": "أصلية. تُصرف عند استقبال البلدية التي فيها الجهاز.",
    },
    "signed": {
        "fr": "Authentique : la signature est juste. La Ville n’a pas encore reçu ce bon de son kiosque.",
        "en": "Authentic: the signature is right. The City has not received this voucher from its kiosk yet.",
        "ar": "أصلية: التوقيع صحيح. لم تتلقَّ المدينة هذه القسيمة من جهازها بعد.",
    },
    "signed_alone": {
        "fr": "Authentique : la signature est juste. On ne peut pas dire maintenant si ce bon est déjà payé.",
        "en": "Authentic: the signature is right. Whether this voucher was paid cannot be told now.",
        "ar": "أصلية: التوقيع صحيح. لا يمكن الآن معرفة ما إذا كانت القسيمة قد صُرفت.",
    },
    "paid": {"fr": "Déjà payé.", "en": "Paid already.", "ar": "صُرفت من قبل."},
    "expired": {"fr": "Expiré.", "en": "Expired.", "ar": "انتهت صلاحيتها."},
    "forged": {
        "fr": "Ce n’est pas un bon de la Ville : sa signature ou ce qu’il dit ne va pas.",
        "en": "This is no voucher of the City’s: its signature, or what it says, is wrong.",
        "ar": "هذه ليست قسيمة من المدينة: توقيعها أو محتواها غير صحيح.",
    },
    "mistyped": {
        "fr": "Ce n’est pas un code de bon : une lettre est fausse ou manque.",
        "en": "This is no voucher’s code: a letter is wrong or missing.",
        "ar": "هذا ليس رمز قسيمة: هناك حرف خاطئ أو ناقص.",
    },
    "not_received": {
        "fr": "La Ville ne connaît pas (encore) ce bon. Réessayez plus tard, ou scannez son QR.",
        "en": "The City does not know this voucher (yet). Try again later, or scan its QR code.",
        "ar": "لا تعرف المدينة هذه القسيمة (بعد). حاول لاحقًا أو امسح رمز QR.",
    },
    "demonstration": {
        "fr": "Bon de démonstration : il ne vaut pas d’argent.",
        "en": "A demonstration’s voucher: it is worth no money.",
        "ar": "قسيمة تجريبية: لا قيمة مالية لها.",
    },
    "away": {
        "fr": "On ne peut pas vérifier un code seul maintenant. Réessayez plus tard, ou scannez le QR du bon.",
        "en": "A code alone cannot be checked now. Try again later, or scan the voucher’s QR code.",
        "ar": "لا يمكن التحقق من الرمز وحده الآن. حاول لاحقًا أو امسح رمز QR.",
    },
    "amount": {"fr": "Somme", "en": "Amount", "ar": "المبلغ"},
    "until": {"fr": "Valable jusqu’au", "en": "Valid until", "ar": "صالحة حتى"},
    "issued": {"fr": "Fait le", "en": "Issued on", "ar": "صدرت في"},
    "where": {"fr": "Au kiosque", "en": "At the kiosk", "ar": "في الجهاز"},
    "code": {"fr": "Code", "en": "Code", "ar": "الرمز"},
    "languages": {"fr": "Langues", "en": "Languages", "ar": "اللغات"},
}


def spoken(asked: str, accepted: str) -> str:
    """The language that was asked for, else the first that the browser accepts and this page speaks, else French."""
    wanted = [asked, *(part.partition(";")[0].strip().partition("-")[0].lower() for part in accepted.split(","))]
    return next((one for one in wanted if one in LANGUAGES), LANGUAGES[0])
