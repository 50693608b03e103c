"""Words for packaging in the languages that stand most in Open Food Facts: English, French, German, Spanish, Portuguese, Italian, Dutch, Polish, Czech, Romanian,
Swedish, Danish, Norwegian, Finnish, Hungarian, Russian, Bulgarian. Without accents, as whole words, and what its taxonomy of materials adds.
"""

from enum import StrEnum


class Shape(StrEnum):
    """In the order in which they are looked for: "bouchon de bouteille" is a cap, "bottle can be recycled" a bottle."""

    BESIDE = "beside"
    """What is on or round a container, and holds no drink: a cap, a label, a box, a film."""
    OTHER = "other"
    """A container that is neither of the two below: a carton, a jar, a pouch, a keg."""
    BOTTLE = "bottle"
    CAN = "can"


class Stuff(StrEnum):
    PLASTIC = "plastic"
    GLASS = "glass"
    METAL = "metal"
    OTHER = "other"


SHAPES = {
    Shape.BESIDE: """
        cap caps lid lids cork corks seal seals label labels sleeve sleeves film films wrap wrapper overwrap straw straws tray trays box boxes tag
        stopper crown handle multipack pack packs sixpack
        bouchon bouchons capsule capsules couvercle couvercles opercule opercules etiquette etiquettes manchon muselet paille caisse barquette blister
        fardeau poignee bague collerette suremballage
        deckel verschluss kronkorken kronenkorken schraubverschluss korken etikett folie karton kiste
        tapon tapa etiqueta corcho caja rolha tampa rotulo caixa tappo etichetta scatola dop deksel etiket doos krat
        kork nakretka zakretka kapsel etykieta pudelko vicko uzaver etiketa krabice capac dop eticheta cutie
        kapsyl lock etikett lag kansi korkki kupak cimke doboz
        крышка пробка этикетка пленка коробка капачка етикет кутия
        """,
    Shape.OTHER: """
        carton cartons brick bricks brik tetra tetrapak tetrabrik jar jars pot pots pouch pouches bag bags sachet sachets cup cups tub tubs tube tubes keg kegs
        barrel canister bib doypack stick sticks ampoule pod pods
        bocal bocaux brique briques gourde gourdes poche sac gobelet cubi fut tonnelet bidon pichet berlingot dosette dosettes
        getrankekarton milchkarton becher konservenglas einmachglas beutel tute fass
        tarro bolsa barril frasco boiao saco vasetto barattolo busta fusto pak potje zak vat
        kartonik sloik torebka sacek borcan punga burk pase pussi purkki zacsko
        пакет буркан
        """,
    Shape.BOTTLE: """
        bottle bottles bouteille bouteilles bottiglia bottiglie botella botellas garrafa garrafas
        flasche flaschen glasflasche glasflaschen plastikflasche petflasche mehrwegflasche einwegflasche pfandflasche fles flessen flesje
        butelka butelki lahev lahve flasa sticla sticle flaska flaskor flaske flasker pullo palack flacon flacons flask
        бутылка бутылки бутилка бутилки
        """,
    Shape.CAN: """
        can cans canette canettes cannette cannettes tin tins boite boites conserve dose dosen getrankedose bierdose weissblechdose
        lata latas lattina lattine blik blikje puszka plechovka doza tolkki банка жестянка кен
        """,
}

STUFFS = {
    Stuff.PLASTIC: """
        plastic plastics plastique plastiques plastik kunststoff plastico plastica kunststof plastikowa plastikowy tworzywo plast muovi muanyag
        plastikflasche petflasche пластик пластиковая пластмаса пластмасова
        pet rpet bpet hdpe pehd ldpe pp pvc pla polyethylene polypropylene polystyrene
        """,
    Stuff.GLASS: """
        glass verre verres glas glasflasche glasflaschen vidrio vetro vidro szklo szklana szklany sklo sklenena sticla lasi uveg
        стекло стеклянная стъкло стъклена
        """,
    Stuff.METAL: """
        metal aluminium aluminum alu steel iron tin tinplate acier fer metall stahl weissblech metallo acciaio alluminio acero aluminio aco
        blik metaal staal stal hlinik kov metalli металл алюминий метал алуминий
        """,
    Stuff.OTHER: """
        paper cardboard paperboard carton wood cork papier bois liege pappe karton holz papel cartone cartao legno madera papir composite tetra
        """,
}
"""Looked for in this order, too; "PET-Flasche aus Glas" is said by nobody."""
